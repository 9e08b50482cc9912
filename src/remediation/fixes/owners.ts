import type { KeyPath } from '../yaml/keyPath';
import { pathText, startsWith } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { refusal, textOf } from './edits';
import type { FixTarget } from './fix';

/** Who sets a field while the program runs, so that a value for the field itself is not used. */
export interface FieldOwner {
  kind: 'HPA' | 'KEDA' | 'VPA';
  /** Its block in the values. */
  path: KeyPath;
}

const blocks: Readonly<Record<string, FieldOwner['kind']>> = {
  autoscaling: 'HPA',
  autoscaler: 'HPA',
  hpa: 'HPA',
  horizontalpodautoscaler: 'HPA',
  keda: 'KEDA',
  scaledobject: 'KEDA',
  vpa: 'VPA',
  verticalpodautoscaler: 'VPA',
};

/** What a manifest of its own says that it is. */
const kinds: Readonly<Record<string, FieldOwner['kind']>> = {
  HorizontalPodAutoscaler: 'HPA',
  ScaledObject: 'KEDA',
  VerticalPodAutoscaler: 'VPA',
};

/** The autoscalers that the file switches on for the application. */
export function ownersIn({ document, prefix }: FixTarget): FieldOwner[] {
  const kind = kinds[String(document.find(['kind'])?.value)];
  const manifest = kind ? [{ kind, path: ['spec'] }] : [];
  const found = document.mappingPaths(prefix).flatMap((path): FieldOwner[] => {
    const named = blocks[String(path.at(-1)).toLowerCase()];
    if (!named) return [];
    const enabled = document.find([...path, 'enabled']);
    const isOn = enabled ? String(enabled.value) === 'true' : bounds(document, path);
    return isOn ? [{ kind: named, path }] : [];
  });
  return [...manifest, ...found];
}

/** True where the file says itself that no autoscaler runs. */
export function isSwitchedOff({ document, prefix }: FixTarget): boolean {
  return document
    .mappingPaths(prefix)
    .filter((path) => blocks[String(path.at(-1)).toLowerCase()])
    .some((path) => String(document.find([...path, 'enabled'])?.value) === 'false');
}

function bounds(document: FixTarget['document'], path: KeyPath): boolean {
  return ['maxReplicas', 'maxReplicaCount', 'updateMode', 'maxAllowed'].some(
    (key) => document.scalars([...path, key]).length > 0,
  );
}

/** The autoscaler of the replicas; KEDA makes an HPA of its own, so it counts before one. */
export function replicaOwner(target: FixTarget): FieldOwner | undefined {
  const found = ownersIn(target).filter(({ kind }) => kind !== 'VPA');
  return found.find(({ kind }) => kind === 'KEDA') ?? found[0];
}

/** The VPA that sets requests, and limits with them; one that only recommends owns nothing. */
export function resourceOwner(target: FixTarget): FieldOwner | undefined {
  return ownersIn(target).find(({ kind, path }) => {
    const modes = target.document
      .scalars(path)
      .filter(({ keyPath }) => keyPath.at(-1) === 'updateMode' && startsWith(keyPath, path));
    return kind === 'VPA' && modes.every(({ value }) => value !== 'Off' && value !== false);
  });
}

/** Throws where image automation writes the tag: it would write its own over ours. */
export function requireNoAutomation(target: FixTarget, place: ScalarPlace): void {
  const { text } = target.document;
  const end = text.indexOf('\n', place.end);
  const comment = text.slice(place.end, end < 0 ? text.length : end);
  if (!/\$imagepolicy/.test(comment)) return;
  throw refusal(
    `${pathText(place.keyPath)} (${textOf(place)}) is written by Flux's image automation, which would set its own tag again, so it was left as it is; change the ImagePolicy, or suspend the automation first.`,
  );
}
