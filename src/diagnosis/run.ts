import type { Analysis, Question } from '../incident/analysis';
import type { Decision, Plan } from '../incident/proposal';

/** Everything that one run of the graph knows; evidence lies in the incident's folder. */
export interface Run {
  id: string;
  /** Where values files are looked for, absolute: the repository, then further workspace roots. */
  roots: readonly string[];
  /** False with `--no-pool`: no server is started. */
  useServers: boolean;
  /** With `--allow-start` servers that were never run here start without a question. */
  allowStart: boolean;
  /** Servers that wait for leave; their names. */
  asksLeave: readonly string[];
  analysis: Analysis | null;
  /** What this round asks the servers. */
  questions: readonly Question[];
  /** Keys of what was asked in all rounds. */
  asked: readonly string[];
  /** What was asked for facts to cite, in all rounds. */
  looks: readonly Question[];
  /** Rounds of collecting so far. */
  rounds: number;
  /** Commits before the onset, newest first. */
  changes: readonly string[];
  planned: Plan | null;
  answer: Answer | null;
}

/** What a person answers to what waits. */
export type Answer =
  | Decision
  /** One of several values files was meant. */
  | { kind: 'choose'; valuesFile: string }
  /** The file has changed: make the edit again on its new text. */
  | { kind: 'replan' }
  /** Servers that may start; those that asked and are not named may not. */
  | { kind: 'leave'; allowed: readonly string[] };

/** A step adds to the run and to the incident; it may be run again from its start. */
export type Step = (run: Run, signal: AbortSignal) => Promise<Partial<Run>>;

/** Two questions with one key are the same call. */
export function questionKey(question: Question): string {
  return JSON.stringify([question.server, question.tool, question.arguments]);
}
