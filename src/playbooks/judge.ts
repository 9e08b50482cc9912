import { createHash } from 'node:crypto';
import { runInThread } from '../base/thread';
import type { Analysis } from '../incident/analysis';
import type { Category } from '../incident/category';
import type { EvidenceText } from '../incident/evidence';
import { analyse } from './analyse';

/** What the playbooks say of all evidence of an incident; `not`: categories that a person ruled out. */
export type Judge = (
  texts: readonly EvidenceText[],
  options: { now: Date; signal: AbortSignal; not?: readonly Category[] },
) => Promise<Analysis>;

/** What crosses to the worker thread; it answers with the analysis. */
export interface JudgeJob {
  texts: readonly EvidenceText[];
  now: Date;
  not: readonly Category[];
}

/** Up to this much takes less than 100 ms of the event loop, also the first time, when nothing is compiled yet. */
const fewLines = 500;
const fewCharacters = 128 * 1024;

/**
 * Judges little evidence at once and much of it in a worker thread, so that whoever asks stays
 * responsive. What was asked last is remembered, since a run asks again without new evidence.
 * @param workerScript path of the bundled `judgeWorker.ts`
 */
export function playbookJudge(workerScript: string): Judge {
  let last: { key: string; analysis: Analysis } | null = null;
  return async (texts, { now, signal, not = [] }) => {
    signal.throwIfAborted();
    const key = `${keyOf(texts)} ${not.join(' ')}`;
    if (last?.key === key) return last.analysis;
    const analysis = isLittle(texts)
      ? analyse(texts, { now, not })
      : await runInThread<Analysis, Analysis>({
          script: workerScript,
          data: { texts, now, not } satisfies JudgeJob,
          signal,
          said: (message) => message,
          cancelled: 'Judging the evidence was cancelled.',
          failed:
            'The thread that judges large evidence stopped; the evidence is kept: diagnose again.',
        });
    last = { key, analysis };
    return analysis;
  };
}

function isLittle(texts: readonly EvidenceText[]): boolean {
  const lines = texts.flatMap((text) => text.lines);
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  return lines.length <= fewLines && characters <= fewCharacters;
}

function keyOf(texts: readonly EvidenceText[]): string {
  const hash = createHash('sha256');
  for (const { source, complete, lines } of texts) {
    hash.update(`${source}\n${complete}\n${lines.length}\n`);
    for (const { number, text } of lines) hash.update(`${number} ${text}\n`);
  }
  return hash.digest('base64');
}
