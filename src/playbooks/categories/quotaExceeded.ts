import { askEvents, place, recentEvents, who } from '../commands';
import { fact, proof, type Playbook, type Situation } from '../playbook';

/** Quotas of other kinds: of a disk, of calls in a time. */
const otherQuota = /disk quota|per (?:minute|second|hour|day)|requests? per|rate limit|\b429\b/i;

const quotaOf = ({ proof: line }: Situation): string | null =>
  /exceeded quota: ([\w.-]+)/i.exec(line)?.[1] ?? null;

export const quotaExceeded: Playbook = {
  category: 'quota-exceeded',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/is forbidden: exceeded quota: (?<quota>[\w.-]+)/i, { weight: 0.95 }),
    fact(/\bexceeded quota: (?<quota>[\w.-]+), requested: /i),
    fact(/exceeded (?:the )?(?:namespace|project|resource) quota/i, { unless: otherQuota }),
    proof(/Quota '?[\w.-]+'? exceeded\.\s+Limit: [\d.]+/i, { weight: 0.85, unless: otherQuota }),
    proof(/\bVcpuLimitExceeded\b|\b(?:Instance|Volume|Address|Vpc)LimitExceeded\b/i, {
      weight: 0.85,
    }),
    proof(/exceeding approved \S*(?: \S+)? ?(?:Cores )?quota|OperationNotAllowed.*quota/i, {
      weight: 0.85,
    }),
    proof(/\bQUOTA_EXCEEDED\b|\bServiceQuotaExceededException\b/, {
      weight: 0.75,
      unless: otherQuota,
    }),
    proof(/\bTooMany(?:LoadBalancers|TargetGroups|Listeners|Buckets): /, { weight: 0.85 }),
    proof(/\bwill exceed your (?:droplet|volume) limit\b/i, { weight: 0.85 }),
    proof(/\bQuota exceeded for [\w, ]{1,80}: Requested \d+, but already used \d+ of \d+/i, {
      weight: 0.9,
    }),
  ],
  extract: [
    /exceeded quota: [\w.-]+, requested: (?<quotaRequested>[\w./=,-]+), used: (?<quotaUsed>[\w./=,-]+), limited: (?<quotaHard>[\w./=,-]+)/i,
  ],
  keywords: ['kubernetes', 'quota', 'resources'],
  summary: (situation) => {
    const quota = quotaOf(situation);
    const numbers = /requested: ([^:]+), used: ([^:]+), limited: ([^"]+)/i.exec(situation.proof);
    const detail = numbers
      ? `: it asks for ${numbers[1] ?? ''}, ${numbers[2] ?? ''} is used of ${(numbers[3] ?? '').trim()}`
      : '';
    return `${who(situation)} cannot be created because the quota${quota ? ` ${quota}` : ''} is used up${detail}.`;
  },
  questions: (situation) =>
    askEvents(situation, 'shows what was refused, and what the quota holds'),
  collect: (situation) => [
    `kubectl describe resourcequota${place(situation)}`,
    recentEvents(situation),
  ],
  advice: (situation) => ({
    summary:
      'Lower what the workload requests to what it uses, remove what is no longer needed in the namespace, or have the quota raised by whoever owns it.',
    commands: [
      {
        title: 'See what the quota allows and what is used',
        command: `kubectl describe resourcequota${place(situation)}`,
      },
      {
        title: 'See what takes it',
        command: `kubectl get pods${place(situation)} -o custom-columns=NAME:.metadata.name,CPU:.spec.containers[*].resources.requests.cpu,MEMORY:.spec.containers[*].resources.requests.memory`,
      },
    ],
  }),
};
