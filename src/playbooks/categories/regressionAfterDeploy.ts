import { appName, askEvents, askServiceLogs, currentLogs, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, type Playbook } from '../playbook';
import { regressionsIn } from '../read/releases';

export const regressionAfterDeploy: Playbook = {
  category: 'regression-after-deploy',
  layer: 'wrapper',
  severity: 'high',
  signals: [
    // What watches a release took it back, or holds it: Argo Rollouts, Flagger, CodeDeploy, ECS
    fact(/\bMetric "[^"]{1,120}" assessed Failed due to failed \(\d+\) > failureLimit/i, {
      weight: 0.75,
    }),
    fact(
      /\bHalt [\w.-]{1,253} advancement (?:success rate|request duration|[\w -]{1,60}) \d[\d.]{0,12}\S{0,3} [<>] \d/i,
      { weight: 0.6, calm: true },
    ),
    fact(
      /\bdeployment was stopped because one or more CloudWatch alarms were activated|\bdeployment failed: alarm detected/i,
      { weight: 0.8, calm: true },
    ),
  ],
  recovery: [/\bAdvance \S{1,253} canary weight \d|\bPromotion completed\b/i], // Flagger
  inspect: (_picture, reading) =>
    regressionsIn(reading)
      .slice(0, 1)
      .flatMap(({ app, change, failures }) => [
        seen('regression-after-deploy', 'release', change, { weight: 0.75, app }),
        ...failures.map((line) =>
          seen('regression-after-deploy', 'failure', line, { weight: 0.35, app }),
        ),
      ]),
  keywords: ['deployment', 'rollout'],
  summary: (situation) =>
    `${who(situation)} worked until its last release and fails since; what was collected does not show what in that release is wrong.`,
  questions: (situation) => [
    ...askEvents(situation, 'shows when which revision was put live'),
    ...askServiceLogs(situation, 'shows what the new version says of its failures'),
  ],
  collect: (situation) => [
    `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
    currentLogs(situation),
  ],
  advice: (situation) => ({
    summary:
      'Take the last release back: the version before it worked. Then compare the two in code, configuration and what they depend on.',
    commands: [
      {
        title: 'See the revisions',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
      { title: 'See what the new version says', command: currentLogs(situation) },
    ],
  }),
};
