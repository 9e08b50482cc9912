import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadCases } from '../../src/evals/evalCase';
import { Random } from '../chaos/random';
import { check } from './check';
import { inputOf } from './inputs';

/** A log that broke a promise. */
export interface Finding {
  /** Number of the input, which with the seed makes it again. */
  index: number;
  message: string;
  bytes: Buffer;
}

/** Texts of the recorded cases that playbooks may be written from. */
export async function recordedTexts(): Promise<string[]> {
  const cases = await loadCases(path.join(import.meta.dirname, '../evals/cases'));
  const files = cases.filter(({ split }) => split === 'tune').flatMap((it) => it.files);
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}

/** One input, made from its number alone. */
export function inputNumber(seed: number, index: number, recorded: readonly string[]): Buffer {
  return inputOf(new Random(seed * 1_000_003 + index), recorded);
}

/** Checks inputs `from` to `to` of a seed. */
export async function fuzz(
  { seed, from, to }: { seed: number; from: number; to: number },
  recorded: readonly string[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let index = from; index < to; index++) {
    const bytes = inputNumber(seed, index, recorded);
    try {
      await check(bytes);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      findings.push({ index, message, bytes });
    }
  }
  return findings;
}
