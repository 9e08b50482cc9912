import { appName, askEvents, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, symptom, type Playbook } from '../playbook';

/** Pods that are not ready have no metrics: their own failure comes first. */
const unready = /did not receive metrics for targeted pods|no metrics returned|unready/i;

export const autoscalerFailed: Playbook = {
  category: 'autoscaler-failed',
  layer: 'wrapper',
  severity: 'high',
  signals: [
    fact(/\bCould not schedule pod, incompatible with nodepool\b/i, { weight: 0.8 }), // Karpenter
    fact(
      /failed to get \S+ (?:resource metric value|utilization|usage)|unable to get metrics for resource \S+/i,
      {
        refine: ({ line }) => (unready.test(line.message) ? { weight: 0.6 } : {}),
      },
    ),
    fact(/missing request for (?<resource>cpu|memory)/i, { weight: 0.95 }),
    fact(
      /\bFailed(?:GetResourceMetric|GetExternalMetric|GetObjectMetric|GetPodsMetric|GetContainerResourceMetric|ComputeMetricsReplicas|GetScale|UpdateScale|Rescale)\b/,
      {
        weight: 0.85,
      },
    ),
    fact(/unable to get (?:external|object|pods?) metric|the HPA (?:controller )?was unable to/i),
    fact(
      /\bKEDAScalerFailed\b|\bScaledObjectCheckFailed\b|error (?:establishing|getting) (?:scaler|metric|scale decision)/i,
      { calm: true },
    ),
    fact(
      /\ball requested instance types were unavailable during launch|\bFailedToScaleUpGroup\b|Scale-up (?:failed|timed out) for (?:node )?group|failed to increase node group size/i,
    ),
    fact(
      /could not launch (?:node|nodeclaim)|\bInsufficientCapacityError\b|InsufficientInstanceCapacity/i,
      {
        weight: 0.85,
      },
    ),
    symptom(/<unknown>\/\d+%?/i, { weight: 0.4 }),
    fact(/\bwe currently do not have sufficient \S{1,60} capacity in the Availability Zone/i),
    fact(/\bno (?:custom|external) metrics API \([\w.]{1,80}\) registered/i),
    fact(/\bAmbiguousSelector\b|are controlled by multiple HPAs/i),
    fact(/\bCannot get ContainerMetricsSnapshot from MetricsClient/i, { weight: 0.8 }),
    // prometheus-adapter, cluster-autoscaler, GKE
    fact(/\bunable to update list of all metrics: unable to fetch metrics/i, { weight: 0.8 }),
    fact(
      /\bFailed to (?:get node infos for groups|fix node group sizes)\b|Node group \S{1,120} is not ready for scaleup|\bDisabling scale-up for node group\b/i,
      { weight: 0.85 },
    ),
    fact(/\bscale\.up\.error\.[\w.]{1,60}|\bZONE_RESOURCE_POOL_EXHAUSTED\b/, { weight: 0.85 }),
  ],
  inspect: (picture) =>
    picture.conditions
      .filter(({ object }) => /^(?:horizontalpodautoscaler|scaledobject)\//.test(object))
      .filter(
        (it) => /^(?:ScalingActive|AbleToScale|Ready)$/.test(it.type) && it.status === 'False',
      )
      .filter((it) => it.reason !== 'ScalingDisabled')
      .map((it) =>
        seen('autoscaler-failed', it.type, it.citation, { app: it.object.replace(/^.*\//, '') }),
      ),
  keywords: ['kubernetes', 'autoscaling', 'metrics'],
  summary: (situation) => {
    const why = /missing request for (\w+)/i.exec(situation.proof)?.[1];
    return `${who(situation)} is not scaled: its autoscaler cannot ${why ? `tell the use of ${why}, because a container requests none` : 'get the metrics or the room that it needs'}.`;
  },
  questions: (situation) => askEvents(situation, 'shows what the autoscaler fails of'),
  collect: (situation) => [
    `kubectl describe hpa ${appName(situation)}${place(situation)}`,
    'kubectl get apiservices | grep metrics',
  ],
  advice: (situation) => ({
    summary:
      'Give every container a request for what is measured, and see that the metrics API answers (metrics-server or the adapter).',
    commands: [
      {
        title: 'See what the autoscaler says',
        command: `kubectl describe hpa ${appName(situation)}${place(situation)}`,
      },
      { title: 'See whether the metrics API answers', command: 'kubectl get apiservices' },
    ],
  }),
};
