import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, hole, refusal, sharingWarnings, textOf } from './edits';
import { ownScalars, placesOf } from './find';
import type { Fix, Fixer, FixTarget } from './fix';
import { knownFor, sourceWarnings, sourceWords } from './known';

const classKeys: readonly KeyPath[] = [
  ['ingress', 'className'],
  ['ingress', 'ingressClassName'],
  ['ingressClassName'],
  ['annotations', 'kubernetes.io/ingress.class'],
];

/** `ingress-misconfigured`: the class, the service or the port that the ingress names. */
export const ingressFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const { host, ingressClass, port } = target.facts;
    const fix =
      backendFix(target, host?.value) ?? classFix(target, ingressClass?.value) ?? portFix(target);
    if (fix) return fix;
    const words = port ? ` (port ${port.value})` : '';
    throw refusal(
      `The file sets no class, service or port of the ingress that is known to be wrong${words}, so it was left as it is.`,
      'values-key-missing',
    );
  },

  patch: ({ ingressClass }) =>
    ingressClass ? `ingress:\n  className: ${ingressClass.value}\n` : null,
};

/** The rule leads to a service that does not exist: the name that it had, or another file's. */
function backendFix(target: FixTarget, missing: string | undefined): Fix | null {
  const places = ownScalars(target).filter(
    (place) => missing !== undefined && textOf(place) === missing && place.keyPath.some(isIngress),
  );
  const [first] = places;
  if (!first || missing === undefined) return null;
  const known = knownFor(target, first.keyPath);
  return {
    title: known ? `lead the ingress to ${known.text}` : 'name the service of the ingress',
    edits: places.map((place) =>
      known ? editOf(place, known.text) : hole(place.keyPath, place, 'a service that exists'),
    ),
    reason: `${pathText(first.keyPath)} leads to the service ${missing}, which does not exist. ${known ? `It becomes ${known.text}, ${sourceWords(known)}.` : 'No other name is known here: type one that exists (kubectl get services).'}`,
    formula: null,
    warnings: [...(known ? sourceWarnings(known) : []), ...sharingWarnings(places)],
  };
}

function classFix(target: FixTarget, only: string | undefined): Fix | null {
  const [place, ...others] = placesOf(target, classKeys);
  if (!place || others.length > 0) return null;
  // Evidence of a backend says nothing against the class.
  const { host, port } = target.facts;
  const known = host || port ? undefined : knownFor(target, place.keyPath);
  const name = only ?? known?.text;
  if (name === undefined || name === textOf(place)) return null;
  const source = only === undefined && known ? sourceWords(known) : 'the only class of the cluster';
  return {
    title: `use ingress class ${name}`,
    edits: [editOf(place, name)],
    reason: `No controller serves the class ${textOf(place)} of ${pathText(place.keyPath)}. It becomes ${name}, ${source}.`,
    formula: null,
    warnings: [
      ...(only === undefined && known ? sourceWarnings(known) : []),
      ...sharingWarnings([place]),
    ],
  };
}

/** The port of the ingress' backend is the one that the service of the same file has. */
function portFix(target: FixTarget): Fix | null {
  const [service, ...moreServices] = placesOf(target, [['service', 'port']]).filter(
    ({ keyPath }) => !keyPath.some(isIngress),
  );
  const backends = ownScalars(target).filter(isBackendPort);
  const [place, ...others] = backends;
  if (!service || moreServices.length > 0 || !place || others.length > 0) return null;
  if (textOf(service) === textOf(place)) return null;
  return {
    title: `lead the ingress to port ${textOf(service)}`,
    edits: [editOf(place, textOf(service))],
    reason: `${pathText(place.keyPath)} is ${textOf(place)}, and the service has only ${textOf(service)} (${pathText(service.keyPath)}).`,
    formula: null,
    warnings: sharingWarnings([place]),
  };
}

function isBackendPort({ keyPath }: ScalarPlace): boolean {
  const at = keyPath.findIndex(isIngress);
  const below = keyPath.slice(at + 1);
  return (
    at >= 0 &&
    /^(?:port|servicePort|number)$/.test(String(keyPath.at(-1))) &&
    !startsWith(below, ['tls'])
  );
}

function isIngress(part: string | number): boolean {
  return typeof part === 'string' && /^ingress/i.test(part);
}
