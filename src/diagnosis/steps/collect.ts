import { z } from 'zod';
import { messageOf } from '../../base/errors';
import type { Question } from '../../incident/analysis';
import type { Incident } from '../../incident/incident';
import { readLog } from '../../intake/readLog';
import { placeArguments } from '../placeArguments';
import type { DiagnosisPorts, ToolLease } from '../ports';
import type { Step } from '../run';
import { reasonLine } from './reason';

const leaseDeadlineMs = 15_000;
const callDeadlineMs = 10_000;

/** What an answer says of what it does not hold. */
const incomplete = z.object({ unseen: z.array(z.string()) });

/**
 * Asks the servers, all questions at once, and the repository what changed in the 24 h before.
 * What does not answer is said and never stops the run.
 */
export function collect(ports: DiagnosisPorts): Step {
  const { records } = ports;
  return async ({ id, questions, rounds, analysis }, signal) => {
    const incident = await records.update(id, (each) => ({ ...each, state: 'collecting' }));
    const [unchecked, changes] = await Promise.all([
      ask(ports, { id, place: incident.place }, questions, signal),
      changesBefore(ports, incident, analysis?.onset, signal),
    ]);
    await records.update(id, (each) => ({
      ...each,
      unchecked: [...new Set([...each.unchecked, ...unchecked.map(reasonLine)])],
    }));
    return { rounds: rounds + 1, changes };
  };
}

/** The incident that asks. */
type Asking = Pick<Incident, 'id' | 'place'>;

async function ask(
  ports: DiagnosisPorts,
  incident: Asking,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<string[]> {
  if (questions.length === 0) return [];
  const servers = [...new Set(questions.map(({ server }) => server))];
  let lease: ToolLease;
  try {
    const holder = { id: incident.id, context: incident.place.context };
    lease = await ports.servers.lease(holder, servers, { deadlineMs: leaseDeadlineMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    return await withoutFailed(ports, incident, questions, error, signal);
  }
  try {
    const answers = await Promise.all(
      questions.map((question) => askOne(ports, lease, incident, question, signal)),
    );
    return answers.filter((sentence) => sentence !== undefined);
  } finally {
    lease.release();
  }
}

/**
 * A lease is for all servers or none. Where it failed, those of the catalogue, which came last, are
 * left out, so that one that does not start takes nothing from the bundled ones.
 */
async function withoutFailed(
  ports: DiagnosisPorts,
  incident: Asking,
  questions: readonly Question[],
  error: unknown,
  signal: AbortSignal,
): Promise<string[]> {
  const last = questions.at(-1)?.server;
  const others = questions.filter(({ server }) => server !== last);
  const why = `${others.length > 0 ? '' : `${last ?? ''}: `}${messageOf(error)}`;
  return [why, ...(await ask(ports, incident, others, signal))];
}

/** Stores the answer as evidence; returns the sentence that says why there is none, or what it left out. */
export async function askOne(
  { records }: DiagnosisPorts,
  lease: ToolLease,
  { id, place }: Asking,
  { server, tool, arguments: given }: Question,
  signal: AbortSignal,
): Promise<string | undefined> {
  const source = `mcp:${server}/${tool}`;
  try {
    const answer = await lease.call(
      server,
      tool,
      { ...placeArguments(server, place), ...given },
      {
        deadlineMs: callDeadlineMs,
        signal,
      },
    );
    if (answer.isError) return `${server}: ${answer.text}`;
    const log = { kind: 'text' as const, source, text: answer.text };
    const { text, totalBytes } = await readLog(log, { patterns: [], signal });
    await records.addEvidence(id, text, totalBytes);
    const unseen = incomplete.safeParse(answer.structured).data?.unseen ?? [];
    return unseen.length > 0 ? `${server}: ${unseen.join(' ')}` : undefined;
  } catch (error) {
    signal.throwIfAborted();
    return `${server}: ${messageOf(error)}`;
  }
}

async function changesBefore(
  { history, clock, log }: DiagnosisPorts,
  { repository, app }: Pick<Incident, 'repository' | 'app'>,
  onset: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (repository === null) return [];
  // A log without a year, or a clock that is ahead, must not look for commits of tomorrow.
  const before = Math.min(clock.now(), onset ? Date.parse(onset) : Infinity);
  try {
    return await history.changesBefore(repository, app, new Date(before), signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`The history of ${repository} could not be read: ${messageOf(error)}`);
    return [];
  }
}
