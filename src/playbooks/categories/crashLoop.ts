import {
  askDescribe,
  askPreviousLogs,
  currentLogs,
  describePod,
  previousLogs,
  who,
} from '../commands';
import { fact, type Finding, type Match, type Playbook, type Refinement } from '../playbook';
import type { Picture, PlatformEvent } from '../read/picture';
import { loop as manyStarts } from '../read/starts';

/** From this many restarts on it is a loop and no accident. */
const loop = 3;

/** One back-off may have been an accident; many are a loop. */
function repeated({ line, picture }: Match): Refinement {
  const event = picture.events.find(
    (candidate) =>
      candidate.citation.line === line.number && candidate.citation.source === line.source,
  );
  const count = event?.count ?? Number(/\(x(\d+) over/.exec(line.text)?.[1] ?? 1);
  return { weight: count >= loop ? 0.75 : 0.45 };
}

export const crashLoop: Playbook = {
  category: 'crash-loop',
  layer: 'loop',
  severity: 'high',
  signals: [
    fact(/\bCrashLoopBackOff\b/i, { weight: 0.75 }),
    fact(/Back-off restarting failed container/i, { refine: repeated }),
    fact(/back-off \w+ restarting failed container/i, { weight: 0.75 }),
    fact(/Start request repeated too quickly/i, { weight: 0.75 }),
    fact(/Scheduled restart job, restart counter is at (?:[3-9]|\d\d)/i, { weight: 0.7 }),
    fact(/entered FATAL state, too many start retries too quickly/i, { weight: 0.8 }),
    fact(/unable to start \.\/run: too many|too many restarts/i, { weight: 0.7 }),
    fact(/App \S+ has been restarted (?:[5-9]|\d\d+) times/i, { weight: 0.6 }),
    fact(/too many unstable restarts/i, { weight: 0.8 }),
    fact(/\bRestarting \([1-9]\d*\)/i, { weight: 0.7 }),
    fact(/restart(?:ed|ing)?(?: container)? .*(?:too many|again and again|(?:[5-9]|\d\d) times)/i, {
      weight: 0.6,
    }),
  ],
  inspect: (picture) => loops(picture),
  keywords: ['restart'],
  summary: (situation) => {
    const { restarts, exitCode } = situation.facts;
    const times = restarts ? `, ${restarts} times so far` : '';
    const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
    return `${who(situation)} ends${code} soon after each start and is restarted${times}; what was collected does not show why.`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'holds the last words before the restart'),
    ...askDescribe(situation, 'shows exit code, reason and events'),
  ],
  collect: (situation) => [previousLogs(situation), describePod(situation), currentLogs(situation)],
  advice: (situation) => ({
    summary: 'Look at the last words before the restart: they say why it ends.',
    commands: [
      { title: 'Last words before the restart', command: previousLogs(situation) },
      { title: 'Exit code, reason and events', command: describePod(situation) },
    ],
  }),
};

function loops(picture: Picture): Finding[] {
  const found: Finding[] = [];
  const add = (
    key: string,
    weight: number,
    citation: Finding['citation'],
    facts: Finding['facts'],
    app: string | null,
  ): void => {
    found.push({
      category: 'crash-loop',
      key: `crash-loop:${key}`,
      role: 'fact',
      weight,
      citation,
      facts,
      mechanism: null,
      app,
      order: 0,
    });
  };
  for (const pod of picture.pods) {
    const facts = { pod: pod.name };
    if (pod.status && /CrashLoopBackOff/.test(pod.status.value)) {
      add('status', 0.75, pod.status.citation, facts, pod.app);
    }
    for (const container of pod.containers) {
      const waiting = container.state?.reason;
      if (waiting?.value === 'CrashLoopBackOff') {
        add('status', 0.75, waiting.citation, facts, pod.app);
      }
      const { restarts } = container;
      if (restarts && restarts.value >= loop && pod.ready?.value === false) {
        add('restarts', 0.4, restarts.citation, facts, pod.app);
        const code = container.lastState?.exitCode;
        if (code?.value) {
          add('exit', 0.3, code.citation, { ...facts, exitCode: code.value }, pod.app);
        }
      }
    }
  }
  for (const ends of picture.ends) add('ends', 0.7, ends.citation, {}, ends.value);
  for (const starts of picture.starts.filter(({ value }) => value >= manyStarts))
    add('starts', 0.6, starts.citation, {}, null);
  for (const [name, deaths] of deathsOf(picture)) {
    const last = deaths.at(-1);
    if (last && deaths.length >= loop) add('deaths', 0.75, last.citation, {}, name);
  }
  return found;
}

/** How often the engine saw each container end with an error. */
function deathsOf(picture: Picture): Map<string, PlatformEvent[]> {
  const deaths = new Map<string, PlatformEvent[]>();
  for (const event of picture.events) {
    if (event.reason !== 'die' || /exit code (?:0|unknown)$/.test(event.message)) continue;
    const name = (event.object ?? '').replace(/^container\//, '');
    deaths.set(name, [...(deaths.get(name) ?? []), event]);
  }
  return deaths;
}
