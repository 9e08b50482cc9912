import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServerRequest } from '../../../src/pool/serverSpec';
import { scriptRequest } from './requests';

/** Programs that are no good MCP servers, each in its own way. */
const programs = {
  /** Ends before it answers. */
  exits: "for (let i = 1; i <= 60; i++) console.error('line ' + i); process.exitCode = 7;",
  /** Hears neither the end of its input nor SIGTERM. */
  deaf: "process.on('SIGTERM', () => {}); process.stdin.resume(); setInterval(() => {}, 1000);",
  /** Says something that is not MCP, and nothing else. */
  babbles: "console.log('hello'); process.stdin.resume();",
} as const;

/** Writes them into `folder`. */
export async function brokenServers(
  folder: string,
): Promise<Record<keyof typeof programs, ServerRequest>> {
  const entries = await Promise.all(
    Object.entries(programs).map(async ([name, text]) => {
      const script = join(folder, `${name}.js`);
      await writeFile(script, text);
      return [name, scriptRequest(name, script)] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<keyof typeof programs, ServerRequest>;
}
