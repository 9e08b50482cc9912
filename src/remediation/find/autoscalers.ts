import { isData } from '../../base/data';
import { at, listAt, textAt, textsAt } from './data';
import { originText, valueAt } from './manifest';
import type { Manifest } from './manifest';
import { bestFit } from './target';
import type { Target } from './target';

/** A field of a workload that something may set while it runs. */
export type ScaledField = 'replicas' | `${'limits' | 'requests'}.${'memory' | 'cpu'}`;

/** An autoscaler with a manifest of its own that names the application's workload. */
export interface Autoscaler {
  /** For people: "VerticalPodAutoscaler shop (k8s/vpa.yaml)". */
  title: string;
  /** The field that bounds what it sets, in its own manifest. */
  bound: string;
  /** Whether it sets a field; of any container where none is told. */
  sets: (field: ScaledField, container: string | undefined) => boolean;
}

interface Reading {
  /** Where it names what it scales. */
  reference: string;
  bound: string;
  setsOf: (manifest: Manifest) => Autoscaler['sets'];
}

const ofReplicas = () => (field: ScaledField) => field === 'replicas';

const readings: ReadonlyMap<string, Reading> = new Map([
  [
    'HorizontalPodAutoscaler',
    { reference: 'scaleTargetRef', bound: 'spec.maxReplicas', setsOf: ofReplicas },
  ],
  [
    'ScaledObject',
    { reference: 'scaleTargetRef', bound: 'spec.maxReplicaCount', setsOf: ofReplicas },
  ],
  [
    'VerticalPodAutoscaler',
    {
      reference: 'targetRef',
      bound: 'maxAllowed in spec.resourcePolicy.containerPolicies',
      setsOf: setsOfVpa,
    },
  ],
]);

/** True for a kind of autoscaler. */
export const isAutoscaler = (kind: string): boolean => readings.has(kind);

/**
 * The autoscalers that name the target's workload and are in no other namespace. Which of them is
 * deployed with it, and in which environment, is not said by that.
 */
export function autoscalersOf(
  objects: readonly Manifest[],
  { app, namespace }: Target,
): Autoscaler[] {
  return objects.flatMap((manifest) => {
    const reading = readings.get(manifest.kind);
    if (!reading) return [];
    const { reference, bound, setsOf } = reading;
    const scaled = valueAt(manifest, 'spec', reference, 'name');
    const isHere = [null, manifest.namespace].includes(namespace) || manifest.namespace === null;
    if (typeof scaled !== 'string' || bestFit([scaled], app) !== 'same' || !isHere) return [];
    const title = `${manifest.kind} ${manifest.name} (${originText(manifest)})`;
    return [{ title, bound, sets: setsOf(manifest) }];
  });
}

/** As its documentation has the defaults: all containers, both resources, limits with requests. */
function setsOfVpa(manifest: Manifest): Autoscaler['sets'] {
  const mode = valueAt(manifest, 'spec', 'updatePolicy', 'updateMode');
  // A text in YAML 1.2, and a flag before.
  const isOff = mode === 'Off' || mode === false;
  const policies = listAt(
    { list: valueAt(manifest, 'spec', 'resourcePolicy', 'containerPolicies') },
    'list',
  );
  return (field, container) => {
    const [part, resource] = field.split('.');
    if (isOff || resource === undefined) return false;
    const own = policies.find((each) => textAt(each, 'containerName') === container);
    const policy = own ?? policies.find((each) => textAt(each, 'containerName') === '*');
    if (!isData(policy)) return true;
    if (textAt(policy, 'mode') === 'Off') return false;
    const isLeft = part === 'limits' && textAt(policy, 'controlledValues') === 'RequestsOnly';
    const isControlled =
      at(policy, 'controlledResources') === undefined ||
      textsAt(policy, 'controlledResources').includes(resource);
    return isControlled && !isLeft;
  };
}
