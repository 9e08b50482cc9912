import {
  askDescribe,
  askPreviousLogs,
  currentLogs,
  describePod,
  previousLogs,
  who,
} from '../commands';
import { fact, type Finding, type Playbook } from '../playbook';
import type { Picture } from '../read/picture';

/** From this many restarts on it is a loop and no accident. */
const loop = 3;

export const crashLoop: Playbook = {
  category: 'crash-loop',
  layer: 'loop',
  severity: 'high',
  signals: [
    fact(/\bCrashLoopBackOff\b/i, { weight: 0.75 }),
    fact(/Back-off restarting failed container/i, { weight: 0.75 }),
    fact(/back-off \w+ restarting failed container/i, { weight: 0.75 }),
    fact(/Start request repeated too quickly/i, { weight: 0.75 }),
    fact(/Scheduled restart job, restart counter is at (?:[3-9]|\d\d)/i, { weight: 0.7 }),
    fact(/entered FATAL state, too many start retries too quickly/i, { weight: 0.8 }),
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
  return picture.pods.flatMap((pod) => {
    const finding = (key: string, weight: number, citation: Finding['citation']): Finding => ({
      category: 'crash-loop',
      key: `crash-loop:${key}`,
      role: 'fact',
      weight,
      citation,
      facts: { pod: pod.name },
      mechanism: null,
      app: pod.app,
      order: 0,
    });
    const found: Finding[] = [];
    if (pod.status && /CrashLoopBackOff/.test(pod.status.value)) {
      found.push(finding('status', 0.75, pod.status.citation));
    }
    for (const container of pod.containers) {
      const waiting = container.state?.reason;
      if (waiting?.value === 'CrashLoopBackOff') {
        found.push(finding('status', 0.75, waiting.citation));
      }
      const restarts = container.restarts;
      if (restarts && restarts.value >= loop && pod.ready?.value === false) {
        found.push(finding('restarts', 0.4, restarts.citation));
      }
    }
    return found;
  });
}
