import { createInterface } from 'node:readline/promises';

/** True where a person sits at the terminal and can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * What a person answers to a question, on standard error so that a result may be piped on. Empty
 * where nobody can answer, and when the answer is Ctrl+C or the end of the input.
 */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  if (!canAsk()) return '';
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const given = new AbortController();
  lines.once('close', () => given.abort());
  try {
    const stop = AbortSignal.any([signal, given.signal]);
    return (await lines.question(question, { signal: stop })).trim();
  } catch {
    return '';
  } finally {
    lines.close();
  }
}

/** True for a yes. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(question, signal));
}
