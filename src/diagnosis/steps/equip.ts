import { messageOf } from '../../base/errors';
import type { Incident } from '../../incident/incident';
import type { DiagnosisPorts, Suggestion } from '../ports';
import { questionKey, type Run, type Step } from '../run';
import { reasonLine } from './reason';

/** Calls of the bundled servers in one round; the servers that they need are leased together. */
const questionsPerRound = 4;
/** A lease holds three servers at most, and the bundled ones come first. */
const mostServers = 3;

/**
 * Chooses what to ask which server in this round. The bundled servers need no leave; a server of
 * the catalogue that was never run here makes the run wait for its person's answer.
 */
export function equip(ports: DiagnosisPorts): Step {
  return async (run, signal) => {
    const { id, analysis, asked, useServers } = run;
    const incident = await ports.records.update(id, (each) => ({ ...each, state: 'equipping' }));
    const open = openQuestions(analysis, asked);
    const questions = useServers ? open.slice(0, questionsPerRound) : [];
    const servers = new Set(questions.map(({ server }) => server));
    const offers = await offersFor(ports, run, incident, mostServers - servers.size, signal);
    const asking = offers.filter((offer) => offer.leave !== null && run.answer?.kind !== 'leave');
    if (asking.length > 0) {
      const leave = asking.flatMap((offer) => offer.leave ?? []);
      await ports.records.update(id, (each) => ({ ...each, state: 'awaiting-leave', leave }));
      return { asksLeave: asking.map(({ server }) => server) };
    }
    const { ready, reasons } = await prepared(ports, run, incident, offers, signal);
    const unchecked =
      !useServers && open.length > 0
        ? ['No MCP server was asked, since the run was started without the pool.']
        : reasons.map(reasonLine);
    await ports.records.update(id, (each) => ({
      ...each,
      leave: [],
      unchecked: [...new Set([...each.unchecked, ...unchecked])],
    }));
    const all = [...questions, ...ready.flatMap((offer) => offer.looks)];
    return {
      questions: all,
      looks: all.filter(({ cites }) => cites !== undefined),
      asksLeave: [],
      answer: null,
      asked: [...asked, ...questions.map(questionKey)],
    };
  };
}

/** What an analysis wants to know and no round has asked yet. */
export function openQuestions(analysis: Run['analysis'], asked: readonly string[]) {
  return (analysis?.questions ?? []).filter((question) => !asked.includes(questionKey(question)));
}

/** Servers of the catalogue for the first round. A catalogue that cannot be asked stops nothing. */
async function offersFor(
  { servers, log }: DiagnosisPorts,
  { useServers, allowStart, rounds, analysis }: Run,
  incident: Incident,
  room: number,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  if (!useServers || rounds > 0 || analysis?.verdict === 'no-incident') return [];
  try {
    return (await servers.suggest(incident, allowStart, signal)).slice(0, room);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`The catalogue could not be asked: ${messageOf(error)}`);
    return [];
  }
}

/** Those whose program is ready to start; of each other one the sentence that says why it is not. */
async function prepared(
  { servers }: DiagnosisPorts,
  { answer }: Run,
  { id, place }: Incident,
  offers: readonly Suggestion[],
  signal: AbortSignal,
): Promise<{ ready: readonly Suggestion[]; reasons: readonly string[] }> {
  const allowed = answer?.kind === 'leave' ? answer.allowed : [];
  const reasons = await Promise.all(
    offers.map(async ({ server, leave, unavailable }) => {
      if (unavailable !== null) return unavailable;
      if (leave !== null && !allowed.includes(server)) {
        return `${server} was not asked, since it had no leave to start.`;
      }
      try {
        await servers.prepare({ id, context: place.context }, server, signal);
        return null;
      } catch (error) {
        signal.throwIfAborted();
        return `${server}: ${messageOf(error)}`;
      }
    }),
  );
  return {
    ready: offers.filter((_, index) => reasons[index] === null),
    reasons: reasons.filter((reason) => reason !== null),
  };
}
