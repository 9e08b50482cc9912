import { askDescribe, askPreviousLogs, describePod, previousLogs, who } from '../commands';
import { seen } from '../inspected';
import { fact, type Finding, type Playbook } from '../playbook';
import type { Container, ContainerState, Picture, Pod } from '../read/picture';

/** So many good ends in a row are none. */
const often = 3;

export const exitedNormally: Playbook = {
  category: 'exited-normally',
  layer: 'exit',
  severity: 'high',
  signals: [
    // Heroku; its one-off and scheduled processes are meant to end.
    fact(/\bProcess exited with status 0$/i, {
      weight: 0.7,
      calm: true,
      refine: ({ line, after }) =>
        /heroku\[(?:web|worker)\.\d+\]/.test(line.text) &&
        after.some(({ text }) => /State changed from starting to crashed/.test(text))
          ? {}
          : null,
    }),
    fact(/exited: (?<program>[\w.-]+) \(exit status 0; not expected\)/i, {
      weight: 0.85,
      calm: true,
    }),
    fact(/\bRestarting \(0\) /i, { weight: 0.85 }),
    fact(/App \[[^\]]+\] exited with code \[0\]/i, { weight: 0.5 }),
    // Nomad
    fact(/\bTerminated {2,10}Exit Code: 0$/, {
      weight: 0.8,
      refine: ({ before, after }) =>
        [...before, ...after].some(({ message }) =>
          /\bRestarting {2,}Task restarting/.test(message),
        )
          ? {}
          : null,
    }),
  ],
  inspect: (picture) => [
    ...picture.pods.flatMap((pod) => pod.containers.flatMap((it) => endsWell(pod, it, picture))),
    ...engineEnds(picture),
    ...picture.goodEnds.map((it) =>
      seen('exited-normally', 'ends', it.citation, { weight: 0.85, app: it.value }),
    ),
  ],
  keywords: ['restart'],
  summary: (situation) =>
    `${who(situation)} ends by itself with exit code 0, though it is meant to run on, and is started again each time: it has nothing left to do, or its main process goes to the background.`,
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows what it did before it ended'),
    ...askDescribe(situation, 'shows its command, exit code and reason'),
  ],
  collect: (situation) => [previousLogs(situation), describePod(situation)],
  advice: (situation) => ({
    summary:
      'Keep the main process in the foreground (no daemon mode, no “&”), or run what is meant to end as a Job or CronJob.',
    commands: [
      { title: 'See the command and how it ended', command: describePod(situation) },
      { title: 'See its last words', command: previousLogs(situation) },
    ],
  }),
};

function endsWell(pod: Pod, container: Container, picture: Picture): Finding[] {
  const restarts = container.restarts?.value ?? 0;
  const facts = { pod: pod.name, container: container.name, exitCode: 0 };
  const cited = pod.status;
  if (cited && /\bRestarting \(0\) /.test(cited.citation.text)) {
    return [seen('exited-normally', 'row', cited.citation, { weight: 0.85, facts, app: pod.app })];
  }
  if (restarts < 2) return [];
  if (cited?.value === 'Completed') {
    return [
      seen('exited-normally', 'status', cited.citation, { weight: 0.8, facts, app: pod.app }),
    ];
  }
  const { state, lastState } = container;
  const ended = state?.kind === 'terminated' ? state : lastState;
  if (ended?.exitCode?.value !== 0) return [];
  const waits = state?.reason?.value === 'CrashLoopBackOff' || state?.kind === 'terminated';
  const runs = state?.kind === 'running' && restarts >= often && isRecent(ended, picture);
  if (!waits && !runs) return [];
  return [ended.reason, ended.exitCode].flatMap((it, at) =>
    it
      ? [seen('exited-normally', `end ${at}`, it.citation, { weight: 0.8, facts, app: pod.app })]
      : [],
  );
}

/** Within this time the last end says how it is now. */
const recent = 3600_000;

function isRecent({ finishedAt }: ContainerState, { latest }: Picture): boolean {
  return finishedAt !== null && latest !== null && latest - finishedAt < recent;
}

/** Containers that the engine saw end well again and again. */
function engineEnds(picture: Picture): Finding[] {
  const ends = new Map<string, Finding[]>();
  for (const event of picture.events) {
    if (event.reason !== 'die' || !/exit code 0$/.test(event.message)) continue;
    const name = (event.object ?? '').replace(/^container\//, '');
    const found = seen('exited-normally', 'die', event.citation, { weight: 0.85, app: name });
    ends.set(name, [...(ends.get(name) ?? []), found]);
  }
  return [...ends.values()].filter((found) => found.length >= often).flat();
}
