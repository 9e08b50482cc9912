import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { ServerImage } from '../../../src/pool/images/serverImage';
import type { Runtime, ServerProgram, StartRequest } from '../../../src/pool/runtime';
import { runCommand } from '../../harness/process';

/** Where our images begin with the guard: the shell, its script and a name. */
const guardWords = 4;

/**
 * A server as a person starts it without us: docker's own command, the same image, and neither
 * guard nor what else our images come with.
 */
export function bareRuntime(image: ServerImage, flags: readonly string[]): Runtime {
  return {
    name: 'docker',
    start: (request) => Promise.resolve(startBare(image, flags, request)),
    machineMemory: () => Promise.resolve(null),
    dispose: () => Promise.resolve(),
  };
}

let started = 0;

function startBare(
  image: ServerImage,
  flags: readonly string[],
  { environment, onErrorLine }: StartRequest,
): ServerProgram {
  const name = `war-room-bench-${process.pid}-${++started}`;
  const variables = Object.entries(environment).flatMap(([key, value]) => [
    '-e',
    `${key}=${value}`,
  ]);
  const command = image.isGuarded ? image.command.slice(guardWords) : image.command;
  const args = ['run', '-i', '--rm', '--name', name, ...flags, ...variables, image.id, ...command];
  const child = spawn('docker', args);
  child.stderr.setEncoding('utf8').on('data', onErrorLine);
  const gone = once(child, 'close').then(() => 'ended');
  return {
    id: name,
    name,
    input: child.stdin,
    output: child.stdout,
    limits: { memoryBytes: null, cpus: null, notApplied: [] },
    gone,
    greeted: () => Promise.resolve(),
    memoryBytes: () => Promise.resolve(null),
    inspect: () => Promise.resolve(null),
    stop: async () => {
      await runCommand('docker', ['rm', '-f', name], { deadlineMs: 20_000 });
      await gone;
    },
  };
}
