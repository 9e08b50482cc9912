import { askDescribe, describePod, place, podName, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, symptom, type Finding, type Playbook } from '../playbook';
import type { Picture } from '../read/picture';
import { parseAmount } from '../read/quantity';

/** From this share of throttled periods on the limit slows the program noticeably. */
const noticeable = 0.25;

export const cpuThrottled: Playbook = {
  category: 'cpu-throttled',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\bCPUThrottlingHigh\b/i, { unless: /resolved|inactive/i }),
    fact(/(?<throttledPercent>\d{1,3}(?:\.\d{1,9})?)% (?:cpu )?throttling of CPU/i),
    proof(/(?:throttled|throttling)[ :=]+(?<throttledPercent>\d{2,3}(?:\.\d+)?) ?%/i, {
      refine: ({ groups }) =>
        Number(groups.throttledPercent) / 100 >= noticeable ? {} : { weight: 0.05 },
    }),
    proof(/cpu (?:is |was |being )?(?:heavily |severely )?throttled/i, { weight: 0.6 }),
    symptom(/Thread starvation or clock leap detected/i, { weight: 0.35 }),
    symptom(/event loop (?:is )?(?:blocked|lag|delay|stalled)/i, { weight: 0.25 }),
    symptom(/(?:cpu usage|cpu)[ :=]+(?:9\d|100)(?:\.\d+)?% of (?:the )?limit/i),
  ],
  inspect: (picture) => [...throttling(picture), ...atLimit(picture)],
  keywords: ['cpu', 'kubernetes'],
  summary: (situation) => {
    const { throttledShare, cpuLimit } = situation.facts;
    const share =
      throttledShare === undefined ? '' : ` in ${Math.round(throttledShare * 100)}% of its periods`;
    const limit = cpuLimit ? ` of ${cpuLimit}` : '';
    return `${who(situation)} wants more CPU than its limit${limit} allows: the kernel held it back${share}, so it answers slowly or not in time.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the CPU limit and whether probes time out'),
    {
      server: 'stats',
      tool: 'get_traffic_metrics',
      arguments: {},
      why: 'shows whether traffic rose before the slowness',
    },
  ],
  collect: (situation) => [
    `kubectl exec ${podName(situation)}${place(situation)} -- cat /sys/fs/cgroup/cpu.stat`,
    `kubectl top pod ${podName(situation)}${place(situation)} --containers`,
    describePod(situation),
  ],
  advice: (situation) => ({
    summary: 'Raise the CPU limit of the container, or lower what it computes at once.',
    commands: [
      {
        title: 'Count throttled periods',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- cat /sys/fs/cgroup/cpu.stat`,
      },
      {
        title: 'See what it uses now',
        command: `kubectl top pod ${podName(situation)}${place(situation)} --containers`,
      },
    ],
  }),
};

/** From this share of its limit on a container has all that it is given. */
const whole = 0.95;

/** Containers that use all the CPU of their limit, and answer too late for it. */
function atLimit({ pods, cpuUse, events }: Picture): Finding[] {
  const late = events.some(
    ({ reason, message }) =>
      reason === 'Unhealthy' && /deadline exceeded|timed? ?out/i.test(message),
  );
  return pods.flatMap((pod) =>
    pod.containers.flatMap(({ name, limits }) => {
      const limit = parseAmount(limits.cpu?.value ?? '');
      const use = cpuUse.find((each) => each.name === pod.name || each.name === name);
      if (!use || limit === null || limit === 0 || use.value < limit * whole) return [];
      const role = late ? 'proof' : 'symptom';
      return [seen('cpu-throttled', 'use', use.citation, { role, app: pod.app })];
    }),
  );
}

function throttling({ throttling: shares }: Picture): Finding[] {
  const worst = shares.reduce<Picture['throttling'][number] | null>(
    (best, share) => (best && best.value >= share.value ? best : share),
    null,
  );
  if (!worst || worst.value < 0.1) return [];
  return [
    {
      category: 'cpu-throttled',
      key: 'cpu-throttled:periods',
      role: worst.value >= noticeable ? 'fact' : 'symptom',
      weight: worst.value >= noticeable ? 0.85 : 0.3,
      citation: worst.citation,
      facts: { throttledShare: Math.round(worst.value * 1000) / 1000 },
      mechanism: null,
      app: null,
      order: 0,
    },
  ];
}
