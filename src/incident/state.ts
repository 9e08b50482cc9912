/** What may follow what. A state without followers is an end. The table is the only place that says so. */
const transitions = {
  queued: ['detected', 'cancelled', 'failed'],
  detected: [
    'awaiting-leave',
    'equipping',
    'collecting',
    'no-incident',
    'insufficient-evidence',
    'cancelled',
    'failed',
  ],
  'awaiting-leave': ['equipping', 'cancelled', 'failed'],
  equipping: ['awaiting-leave', 'collecting', 'cancelled', 'failed'],
  collecting: ['analysing', 'cancelled', 'failed'],
  analysing: [
    'equipping',
    'collecting',
    'planning',
    'no-incident',
    'insufficient-evidence',
    'cancelled',
    'failed',
  ],
  planning: ['awaiting-approval', 'reported', 'cancelled', 'failed'],
  'awaiting-approval': ['accepted', 'executing', 'rejected', 'planning', 'queued', 'cancelled'],
  accepted: ['awaiting-approval', 'executing', 'rejected', 'failed'],
  executing: ['awaiting-approval', 'accepted', 'awaiting-rollout', 'reported', 'failed'],
  // What was committed is rejected when its person takes the fix back.
  'awaiting-rollout': ['awaiting-approval', 'verifying', 'resolved', 'escalated', 'rejected'],
  verifying: ['awaiting-rollout', 'resolved', 'escalated', 'failed', 'rejected'],
  resolved: ['rejected'],
  rejected: [],
  reported: ['queued'],
  escalated: ['resolved', 'rejected'],
  'no-incident': ['queued'],
  'insufficient-evidence': ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
} as const satisfies Record<string, readonly string[]>;

export type IncidentState = keyof typeof transitions;

/** True if an incident may go from one state to the other; staying is always allowed. */
export function mayFollow(from: IncidentState, to: IncidentState): boolean {
  const followers: readonly IncidentState[] = transitions[from];
  return from === to || followers.includes(to);
}

/** States in which the diagnosis itself is at work: these count against "running". */
export const runningStates: readonly IncidentState[] = [
  'detected',
  'equipping',
  'collecting',
  'analysing',
  'planning',
  'executing',
];

/** States in which a person is asked for something: the badge counts these. */
export const waitingStates: readonly IncidentState[] = [
  'awaiting-leave',
  'awaiting-approval',
  'accepted',
];

/** True while the incident can still change by itself or by its person's answer. */
export function isOpen(state: IncidentState): boolean {
  return state === 'queued' || runningStates.includes(state) || waitingStates.includes(state);
}

/** State in a person's words. */
export const stateWords: Record<IncidentState, string> = {
  queued: 'queued',
  detected: 'reading the log',
  'awaiting-leave': 'asks for leave',
  equipping: 'choosing servers',
  collecting: 'collecting evidence',
  analysing: 'analysing',
  planning: 'planning the change',
  'awaiting-approval': 'waits for you',
  accepted: 'accepted, not committed',
  executing: 'committing',
  'awaiting-rollout': 'committed, not rolled out',
  verifying: 'live, being watched',
  resolved: 'resolved',
  rejected: 'rejected',
  reported: 'advice',
  escalated: 'escalated',
  'no-incident': 'healthy',
  'insufficient-evidence': 'needs more evidence',
  failed: 'failed',
  cancelled: 'cancelled',
};
