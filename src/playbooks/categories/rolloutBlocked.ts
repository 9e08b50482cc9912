import { appName, askEvents, askPods, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, symptom, type Playbook } from '../playbook';

export const rolloutBlocked: Playbook = {
  category: 'rollout-blocked',
  layer: 'wrapper',
  severity: 'high',
  signals: [
    // Flagger, Argo CD
    fact(/\bCanary failed! Scaling down\b|failed checks threshold reached \d/i, { weight: 0.85 }),
    proof(/timed out \(\d+s\) waiting for app \S{1,100} match desired state/i, { weight: 0.7 }),
    // Nomad, kops
    fact(/Failed due to progress deadline/i, { weight: 0.9 }),
    fact(/cluster did not validate within a duration|failed to roll InstanceGroup/i, {
      weight: 0.85,
    }),
    // Helm says what it waited for only when it is asked to say more.
    proof(/\b(?:UPGRADE|INSTALLATION) FAILED: context deadline exceeded/i, {
      weight: 0.7,
      refine: ({ before }) =>
        before.some(({ message }) => /is not ready: \S+\. \d+ out of \d+ expected/.test(message))
          ? {}
          : null,
    }),
    fact(/\bProgressDeadlineExceeded\b/),
    // It goes on when somebody resumes it.
    fact(/\bDeploymentPaused\b/, { weight: 0.8 }),
    fact(
      /(?:deployment|rollout|ReplicaSet|Rollout) ?"?\S*"? (?:exceeded its progress deadline|has timed out progressing)/i,
    ),
    fact(/violate the pod's disruption budget/i, { mechanism: 'disruption-budget' }),
    // A measured regression has its own playbook.
    fact(/RolloutAborted|Rollout aborted update to revision/i, { unless: /\bassessed Failed\b/ }),
    fact(
      /deployment (?:failed|circuit breaker)[: ].*(?:tasks? failed to start|circuit breaker|failed health checks)/i,
    ),
    fact(/update paused due to failure or early termination of task/i),
    proof(/error: timed out waiting for the condition|Timed out waiting for (?:the )?rollout/i, {
      weight: 0.65,
    }),
    symptom(
      /Waiting for (?:deployment|statefulset|daemon set) "?\S+"? .*to finish|Waiting for \d+ pods to be ready/i,
      {
        weight: 0.4,
      },
    ),
    // Nomad, Spinnaker, OpenShift
    fact(/\bFailed due to unhealthy allocations\b/i),
    proof(/: timed out waiting to stabilize\b/i, { weight: 0.85 }),
    proof(/\bupdate acceptor rejected \S{1,120}: /i, { weight: 0.9 }),
    fact(/\berror during syncRequiredMachineConfigPools: /i, { weight: 0.85 }),
    // AWS CodeDeploy, Elastic Beanstalk
    fact(/\bThe overall deployment failed because too many individual instances failed/i),
    fact(/\bDuring an aborted deployment, some instances may have deployed the new/i),
  ],
  inspect: (picture) =>
    picture.conditions
      .filter((it) => it.type === 'Progressing' && it.status === 'False')
      .map((it) =>
        seen('rollout-blocked', 'progressing', it.citation, {
          app: it.object.replace(/^.*\//, ''),
        }),
      ),
  recovery: [
    /has been (?:upgraded|installed)\. Happy Helming|successfully rolled out|^node\/\S{1,253} drained$/i,
  ],
  keywords: ['kubernetes', 'deployment', 'rollout'],
  summary: (situation) =>
    situation.mechanism === 'disruption-budget'
      ? `Pods of ${who(situation)} cannot be moved: its disruption budget allows none to be missing.`
      : `The rollout of ${who(situation)} makes no progress: its new pods do not become ready, and what was collected does not show why.`,
  questions: (situation) => [
    ...askPods(situation, 'shows the state of the new pods'),
    ...askEvents(situation, 'shows why they do not become ready'),
  ],
  collect: (situation) => [
    `kubectl rollout status deployment/${appName(situation)}${place(situation)} --timeout=1s`,
    `kubectl get pods,replicasets${place(situation)} -o wide`,
    `kubectl describe deployment ${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Look at the new pods: why they are not made, not placed or not ready. The old ones serve on meanwhile; the last revision can be taken back.',
    commands: [
      {
        title: 'See the new pods',
        command: `kubectl get pods,replicasets${place(situation)} -o wide`,
      },
      {
        title: 'See the revisions',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
