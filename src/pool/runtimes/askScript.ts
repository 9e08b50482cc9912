import { once } from 'node:events';

import { withDeadline } from '../../base/deadline';
import { endChild, startNode } from './nodeChild';

const graceMs = 500;

/**
 * Puts one question to a script: a line of JSON on its standard input, and one on its standard
 * output as the answer. The script sees the whole environment, since npm's settings, proxies and
 * certificates may stand in any variable of the person; it is ended when the time is over.
 * @param what names the work in the message of a passed deadline, such as `Fetching redis@1.0.0`
 * @throws code `deadline`, `cancelled`; Error with the end of its standard error when it gave no answer
 */
export async function askScript(
  what: string,
  script: string,
  question: unknown,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<unknown> {
  return await withDeadline(what, deadlineMs, signal, async (within) => {
    const child = startNode(script, [], wholeEnvironment());
    const end = () => void endChild(child, graceMs);
    within.addEventListener('abort', end, { once: true });
    try {
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stderr
        .setEncoding('utf8')
        .on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
      child.stdin.on('error', () => undefined);
      child.stdin.write(`${JSON.stringify(question)}\n`);
      await once(child, 'close');
      if (output.endsWith('\n')) return JSON.parse(output) as unknown;
      throw new Error(`The process ended without an answer. ${errors}`.trim());
    } finally {
      within.removeEventListener('abort', end);
    }
  });
}

function wholeEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
