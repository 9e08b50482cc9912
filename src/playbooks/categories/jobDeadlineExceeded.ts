import { appName, askDescribe, askServiceLogs, currentLogs, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, type Playbook } from '../playbook';

export const jobDeadlineExceeded: Playbook = {
  category: 'job-deadline-exceeded',
  layer: 'probe',
  severity: 'medium',
  signals: [
    fact(/Job was active longer than specified deadline/i, { weight: 0.95, calm: true }),
    fact(/Pod was active on the node longer than the specified deadline/i, {
      weight: 0.95,
      calm: true,
    }),
    fact(/CANCELLED AT \S+ DUE TO TIME LIMIT/i, { weight: 0.95 }),
    fact(/JobState=TIMEOUT|\|TIMEOUT\|/i, { weight: 0.8 }),
    fact(
      /(?:workflow|step|node|Pod) (?:exceeded|has exceeded) its deadline|Step exceeded its deadline/i,
    ),
    fact(/Job attempt duration exceeded timeout/i),
    fact(/has exceeded the maximum execution time of/i),
    fact(/Job failed: execution took longer than/i),
    fact(/\b(?:PipelineRun|TaskRun)\b.* failed to finish within/i),
    proof(
      /\bAirflowTaskTimeout\b|Process timed out, PID: \d+|\b(?:Soft)?TimeLimitExceeded\b|(?:Hard|Soft) time limit \(\d+(?:\.\d+)?s\) exceeded/i,
      { weight: 0.85 },
    ),
    proof(/Task timed out after \d+(?:\.\d+)? seconds/i, { weight: 0.85 }),
    proof(
      /\b(?:job|batch|task|cron\S*) \S* ?(?:was )?(?:killed|stopped|cancel+ed|aborted|terminated) after (?:its )?(?:deadline|time ?limit)/i,
    ),
    fact(/\bRuntimeMaxSec|Service runtime limit|Service reached runtime time limit/i),
    // Hosted builds and jobs, a hook of Helm
    fact(/\bThe job running on agent [^\n]{1,120} (?:ran longer than|exceeded) the maximum time/i),
    fact(/\bBUILD_TIMED_OUT\b|\bCancelling nested steps due to timeout/i, { weight: 0.8 }),
    fact(/\bTerminating task because it has reached the maximum timeout of/i),
    fact(/\bhooks? failed: job failed: DeadlineExceeded/i, { weight: 0.93 }),
  ],
  inspect: (picture) => [
    ...picture.pods.flatMap(({ status, app }) =>
      status?.value === 'DeadlineExceeded'
        ? [seen('job-deadline-exceeded', 'pod', status.citation, { app })]
        : [],
    ),
    ...picture.conditions
      .filter(
        (it) =>
          it.object.startsWith('job/') && it.type === 'Failed' && it.reason === 'DeadlineExceeded',
      )
      .map((it) =>
        seen('job-deadline-exceeded', 'condition', it.citation, {
          app: it.object.replace('job/', ''),
        }),
      ),
  ],
  recovery: [/^Finished: SUCCESS$/i],
  keywords: ['kubernetes', 'job', 'deadline'],
  summary: (situation) => {
    const limit = /(?:longer than|time of|timed out after|within) "?(\d[\w. ]*)/i.exec(
      situation.proof,
    )?.[1];
    return `${who(situation)} was ended because it ran longer than its deadline${limit ? ` of ${limit.trim()}` : ''} allows.`;
  },
  questions: (situation) => [
    ...askServiceLogs(situation, 'shows how far it came, and what it waited for'),
    ...askDescribe(situation, 'shows the deadline and when it started'),
  ],
  collect: (situation) => [
    `kubectl describe job ${appName(situation)}${place(situation)}`,
    currentLogs(situation),
  ],
  advice: (situation) => ({
    summary:
      'See whether it hung, waited for something or only has more to do than before. Raise activeDeadlineSeconds only where the work really takes that long.',
    commands: [
      {
        title: 'See the deadline and the attempts',
        command: `kubectl describe job ${appName(situation)}${place(situation)}`,
      },
      { title: 'See how far it came', command: currentLogs(situation) },
    ],
  }),
};
