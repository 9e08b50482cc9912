import type { Citation } from '../../incident/evidence';
import { appOfPod, isHealthy, type Picture, type PlatformEvent, type Pod } from './picture';

/** Which later event of the same object shows that a warning is over. */
const ended: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    FailedScheduling: /^(?:Scheduled|Started|Pulled)$/,
    FailedMount: /^(?:Started|Created|Pulled)$/,
    FailedBinding: /^(?:ProvisioningSucceeded|Scheduled|Started)$/,
    ProvisioningFailed: /^(?:ProvisioningSucceeded|Scheduled|Started)$/,
    Failed: /^(?:Started|Pulled)$/,
    ErrImagePull: /^(?:Started|Pulled)$/,
    FailedCreatePodSandBox: /^(?:Started|Created|Pulled)$/,
    FailedAttachVolume: /^(?:SuccessfulAttachVolume|Started|Created|Pulled)$/,
    FailedCreate: /^SuccessfulCreate$/,
    FailedGetResourceMetric: /^SuccessfulRescale$/,
    FailedComputeMetricsReplicas: /^SuccessfulRescale$/,
    NodeNotReady: /^NodeReady$/,
    NodeHasInsufficientMemory: /^NodeHasSufficientMemory$/,
    NodeHasDiskPressure: /^NodeHasNoDiskPressure$/,
    NodeHasInsufficientPID: /^NodeHasSufficientPID$/,
  }),
);

/** Only for these it says anything that an image was pulled: a start fails after it as well. */
const ofImage = /image|pull|Scheduling|Mount|Attach|Sandbox/i;

/** Events that tell of trouble, though the platform calls them normal. */
const bad = /^(?:BackOff|Killing|NodeNotReady|NodeHas(?:Insufficient|DiskPressure).*)$/;

/** After this many seconds an event of a pod that runs is history. */
const longAgo = 6 * 3600;

/** So long ago, in seconds, an eviction may be mended by now. */
const lately = 3600;

/** A limit of its own evicts the pod that replaces it just so. */
const comesBack = /^Evicted: .{0,60}\bstorage\b.{0,40}\bexceed/i;

/** So many failed probes, and so long ago in seconds, are those of a start or a passing load. */
const fewFailures = 3;
const silentSeconds = 180;

const rolledOut =
  /\b(?:deployment|statefulset|daemon ?set)(?:\.apps)?[ /]"?([\w.-]{1,253})"? successfully rolled out/;

/** Adds the workload whose rollout a line says to have succeeded. */
export function readRollout(citation: Citation, picture: Picture): void {
  const value = rolledOut.exec(citation.text.slice(0, 400))?.[1];
  if (value) picture.rolledOut.push({ value, citation });
}

/** Marks the events that were recovered from. */
export function settleEvents(picture: Picture): void {
  const byObject = new Map<string, PlatformEvent[]>();
  for (const event of picture.events) {
    const object = event.object ?? '';
    const events = byObject.get(object);
    if (events) events.push(event);
    else byObject.set(object, [event]);
  }
  const [only, ...others] = picture.pods;
  for (const [object, events] of byObject) {
    // Cut out of a description they name nobody; of one pod alone there is no doubt.
    const pod =
      object === '' && others.length === 0 && events.every((event) => isOf(event, only))
        ? only
        : picture.pods.find((candidate) => object.endsWith(`/${candidate.name}`));
    events.forEach((event, index) => {
      event.over = isOver(event, events, index, pod, picture);
    });
  }
}

function isOver(
  event: PlatformEvent,
  events: readonly PlatformEvent[],
  index: number,
  pod: Pod | undefined,
  picture: Picture,
): boolean {
  if (event.type === 'Normal' && !bad.test(event.reason)) return false;
  if (comesBack.test(`${event.reason}: ${event.message}`) && (event.age ?? 0) <= lately)
    return false;
  const restarted = pod?.containers.some((container) => (container.restarts?.value ?? 0) > 0);
  if (pod && isHealthy(pod) && pod.ready?.value === true) {
    if (!restarted || (event.age ?? 0) > longAgo) return true;
    if (event.reason === 'Unhealthy' && /Readiness/.test(event.message)) return true;
  }
  if (event.reason === 'FailedScheduling' && pod?.node) return true;
  if (!pod && event.object?.startsWith('pod/') && isReplaced(event.object, picture)) return true;
  if (
    event.reason === 'Unhealthy' &&
    (isStopped(event, events) || hasPassed(event, picture, pod) || isRolledOut(event, picture))
  ) {
    return true;
  }
  if (/^Failed(?:Get|Compute)/.test(event.reason) && isScaling(event, picture)) return true;
  const after = ended.get(event.reason);
  return (
    after !== undefined &&
    events.some(
      (other, at) =>
        after.test(other.reason) &&
        (other.reason !== 'Pulled' || ofImage.test(`${event.reason} ${event.message}`)) &&
        !isOfOtherImage(other, event) &&
        isLater(other, at, event, index),
    )
  );
}

/** Another container of the pod may well be pulled and started. */
function isOfOtherImage(other: PlatformEvent, event: PlatformEvent): boolean {
  const image = imageIn(event);
  const pulled = imageIn(other);
  return image !== null && (pulled === null || nameOfImage(pulled) !== nameOfImage(image));
}

/** Without its tag: a rollback pulls another one of the same image. */
function nameOfImage(image: string): string {
  return image.replace(/(?::[\w.-]+)?(?:@sha256:\w+)?$/, '');
}

function imageIn({ message }: PlatformEvent): string | null {
  return /\bimage "([^"\s]+)"/.exec(message)?.[1] ?? null;
}

/** Of a pod that is being stopped nobody expects an answer; a failed liveness probe stops it too. */
function isStopped(event: PlatformEvent, events: readonly PlatformEvent[]): boolean {
  return (
    /Readiness/.test(event.message) &&
    events.some(
      (other) =>
        other.reason === 'Killing' &&
        /^Stopping container/.test(other.message) &&
        (other.age === null || event.age === null || other.age >= event.age),
    )
  );
}

/** A probe asks every few seconds: one that failed now and then, and not lately, is answered again. */
function hasPassed(event: PlatformEvent, picture: Picture, pod: Pod | undefined): boolean {
  const newest = Math.min(...picture.events.map(({ age }) => age ?? Infinity));
  return (
    event.count <= fewFailures &&
    (pod === undefined || isHealthy(pod)) &&
    event.age !== null &&
    event.age - newest >= silentSeconds
  );
}

/** A probe that failed before the rollout was said to have succeeded. */
function isRolledOut({ object, citation }: PlatformEvent, picture: Picture): boolean {
  const app = appOfPod(object?.replace(/^.*\//, '') ?? '');
  return picture.rolledOut.some(
    (it) =>
      it.value === app &&
      it.citation.source === citation.source &&
      it.citation.line > citation.line,
  );
}

/** An autoscaler that has its metrics by now. */
function isScaling({ object }: PlatformEvent, { conditions }: Picture): boolean {
  return conditions.some(
    (it) => it.object === object && it.type === 'ScalingActive' && it.status === 'True',
  );
}

/** A pod that is gone, while those of its workload that are there are well. */
function isReplaced(object: string, picture: Picture): boolean {
  const app = appOfPod(object);
  const others = picture.pods.filter((pod) => appOfPod(pod.name) === app);
  return others.length > 0 && others.every(isHealthy);
}

/** By age where both have one, else by position: kubectl prints the oldest first. */
function isLater(
  other: PlatformEvent,
  otherIndex: number,
  event: PlatformEvent,
  index: number,
): boolean {
  if (other.age !== null && event.age !== null && other.age !== event.age) {
    return other.age < event.age;
  }
  return otherIndex > index;
}

/** What the kubelet and the scheduler say is of pods; what they name is not another one. */
const ofPod =
  /^(?:Scheduled|FailedScheduling|Pull(?:ing|ed)|Created|Started|Killing|Unhealthy|BackOff|ProbeWarning|FailedMount|FailedAttachVolume|SuccessfulAttachVolume|FailedCreatePodSandBox|FailedPostStartHook|FailedPreStopHook|Evicted|Preempted|Failed|ErrImagePull|InspectFailed|SandboxChanged)$/;
const podName = /\b[a-z0-9][a-z0-9-]*-[bcdf-hj-np-tv-z0-9]{6,10}-[bcdf-hj-np-tv-z0-9]{5}\b/g;

function isOf({ reason, message }: PlatformEvent, pod: Pod | undefined): boolean {
  if (!pod || !ofPod.test(reason)) return false;
  return (message.match(podName) ?? []).every((name) => name === pod.name);
}
