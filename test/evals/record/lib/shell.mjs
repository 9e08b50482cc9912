// Runs programs and keeps what they print.
import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and returns its exit code and what it printed: standard output
 * and error through one pipe, in the order in which a terminal shows them.
 * @param {string} command
 * @param {string[]} args
 * @param {{ input?: string, seconds?: number, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number | null, text: string }>}
 */
export function run(command, args, { input, seconds = 60, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', command, ...args], {
      env: { ...process.env, ...env },
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

/** Splits a command line at blanks; single quotes keep blanks together. */
export function words(line) {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** Waits. */
export const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/**
 * Asks again and again until the answer is true.
 * @param {() => Promise<boolean>} question
 */
export async function until(question, { seconds, what }) {
  const end = Date.now() + seconds * 1000;
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`);
    await sleep(2);
  }
}
