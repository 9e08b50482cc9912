import { Annotation, END, START, StateGraph, interrupt } from '@langchain/langgraph';
import { settled, throwIfCancelled, withDeadline } from '../../base/deadline';
import type { DiagnosisPorts } from '../ports';
import type { Answer, Run, Step } from '../run';
import { analyse, asksAgain } from '../steps/analyse';
import { collect } from '../steps/collect';
import { consult } from '../steps/consult';
import { detect } from '../steps/detect';
import { equip } from '../steps/equip';
import { execute } from '../steps/execute';
import { plan } from '../steps/plan';
import { reject } from '../steps/reject';
import type { FileSaver } from './fileSaver';

const RunState = Annotation.Root({
  id: Annotation<string>,
  roots: Annotation<readonly string[]>,
  useServers: Annotation<boolean>,
  allowStart: Annotation<boolean>,
  asksLeave: Annotation<Run['asksLeave']>({ reducer: (_, next) => next, default: () => [] }),
  analysis: Annotation<Run['analysis']>({ reducer: (_, next) => next, default: () => null }),
  questions: Annotation<Run['questions']>({ reducer: (_, next) => next, default: () => [] }),
  asked: Annotation<Run['asked']>({ reducer: (_, next) => next, default: () => [] }),
  looks: Annotation<Run['looks']>({
    reducer: (all, more) => [...all, ...more],
    default: () => [],
  }),
  rounds: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
  changes: Annotation<Run['changes']>({ reducer: (_, next) => next, default: () => [] }),
  planned: Annotation<Run['planned']>({ reducer: (_, next) => next, default: () => null }),
  answer: Annotation<Run['answer']>({ reducer: (_, next) => next, default: () => null }),
});

/** The steps with what each does at most, in ms. */
const steps = {
  detect: { make: detect, deadlineMs: 60_000 },
  // Images of servers are built here.
  equip: { make: equip, deadlineMs: 240_000 },
  collect: { make: collect, deadlineMs: 60_000 },
  analyse: { make: analyse, deadlineMs: 60_000 },
  // Its model has its own budget of seconds, and a person may be asked before.
  consult: { make: consult, deadlineMs: 320_000 },
  // The cluster may be asked whether it would take an action, for 15 s.
  plan: { make: plan, deadlineMs: 60_000 },
  execute: { make: execute, deadlineMs: 300_000 },
  reject: { make: reject, deadlineMs: 30_000 },
} satisfies Record<string, { make: (ports: DiagnosisPorts) => Step; deadlineMs: number }>;

/** How long a step that was stopped may take to put back what it holds, in ms. */
const graceMs = 10_000;

/**
 * The diagnosis as a graph; it stops at `leave` and `approve` until a person answers. The steps watch `signal`
 * themselves: LangGraph would leave a cancelled step at work and return.
 */
export function diagnosisGraph(
  ports: DiagnosisPorts,
  checkpointer: FileSaver,
  signal: AbortSignal,
) {
  const node = (name: keyof typeof steps) => {
    const step = steps[name].make(ports);
    return (run: Run) => bounded(ports, name, run, signal, step);
  };
  return new StateGraph(RunState)
    .addNode('detect', node('detect'))
    .addNode('equip', node('equip'))
    .addNode('leave', ask)
    .addNode('collect', node('collect'))
    .addNode('analyse', node('analyse'))
    .addNode('consult', node('consult'))
    .addNode('plan', node('plan'))
    .addNode('approve', ask)
    .addNode('execute', node('execute'))
    .addNode('reject', node('reject'))
    .addEdge(START, 'detect')
    .addEdge('detect', 'equip')
    .addConditionalEdges('equip', (run) => (run.asksLeave.length > 0 ? 'leave' : 'collect'), [
      'leave',
      'collect',
    ])
    .addEdge('leave', 'equip')
    .addEdge('collect', 'analyse')
    .addConditionalEdges('analyse', (run) => (asksAgain(run) ? 'equip' : 'consult'), [
      'equip',
      'consult',
    ])
    .addConditionalEdges('consult', afterConsult, ['plan', END])
    .addConditionalEdges('plan', (run) => (run.planned?.kind === 'advice' ? END : 'approve'), [
      'approve',
      END,
    ])
    .addConditionalEdges('approve', afterApprove, ['execute', 'reject', 'plan'])
    .addConditionalEdges('execute', (run) => (run.answer === null ? 'approve' : END), [
      'approve',
      END,
    ])
    .addEdge('reject', END)
    .compile({ checkpointer });
}

export type DiagnosisGraph = ReturnType<typeof diagnosisGraph>;

/** Waits for the person. It has no effect of its own, since it runs again when the answer comes. */
function ask(run: Run): Partial<Run> {
  return { answer: interrupt<string, Answer>(run.id) };
}

function afterConsult(run: Run): 'plan' | typeof END {
  return run.analysis?.verdict === 'incident' ? 'plan' : END;
}

function afterApprove({ answer }: Run): 'execute' | 'reject' | 'plan' {
  if (answer?.kind === 'approved') return 'execute';
  return answer?.kind === 'rejected' ? 'reject' : 'plan';
}

/**
 * Runs a step under its deadline, cancellable, and adds its time to the incident's. A step that was
 * stopped ends before this does, so that nobody else works on the incident meanwhile.
 */
async function bounded(
  { records, clock }: DiagnosisPorts,
  name: keyof typeof steps,
  run: Run,
  signal: AbortSignal,
  step: Step,
): Promise<Partial<Run>> {
  throwIfCancelled(signal);
  const start = clock.monotonic();
  let work: Promise<Partial<Run>> | undefined;
  const begin = (own: AbortSignal) => (work = step(run, own));
  let added: Partial<Run>;
  try {
    added = await withDeadline(`The step "${name}"`, steps[name].deadlineMs, signal, begin);
  } catch (error) {
    await settled(work, graceMs);
    throw error;
  }
  const took = Math.round(clock.monotonic() - start);
  await records.update(run.id, (incident) => ({
    ...incident,
    timings: { ...incident.timings, [name]: (incident.timings[name] ?? 0) + took },
  }));
  return added;
}
