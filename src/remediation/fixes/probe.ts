import { WarRoomError } from '../../base/errors';
import type { Facts } from '../../incident/analysis';
import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, sharingWarnings, textOf, wholeNumber } from './edits';
import type { Fix, Fixer, FixTarget } from './fix';
import { locate } from './locate';

type Probe = 'liveness' | 'readiness' | 'startup';

/**
 * A probe fails for a reason that values can cure in two cases only: it asks at another port or path
 * than the application serves, or it gives up on a start that was seen to go on.
 */
export function probeFixer(usual: Probe): Fixer {
  const probeOf = (facts: Facts): Probe => facts.probe?.value ?? usual;
  return {
    objection(facts) {
      if (portDiffers(facts) || pathDiffers(facts) || facts.startProgressed?.value) return null;
      return 'The start was not seen to go on while the probe failed, so a longer wait could only hide the fault: no probe time is changed.';
    },

    fix(target) {
      const probe = probeOf(target.facts);
      const address = addressFix(target, probe);
      return address ?? timingFix(target, probe);
    },

    patch(facts) {
      const probe = probeOf(facts);
      const { listenPort, servedPath } = facts;
      const address = [
        ...(portDiffers(facts) ? [`    port: ${listenPort?.value}`] : []),
        ...(pathDiffers(facts) ? [`    path: ${servedPath?.value}`] : []),
      ];
      if (address.length > 0) return [`${probe}Probe:`, '  httpGet:', ...address, ''].join('\n');
      return `${probe}Probe:\n  initialDelaySeconds: ${neededSeconds(facts, 30).seconds}\n`;
    },
  };
}

function portDiffers({ listenPort, probePort }: Facts): boolean {
  return !!listenPort && !!probePort && listenPort.value !== probePort.value;
}

function pathDiffers({ servedPath, probePath }: Facts): boolean {
  return !!servedPath && !!probePath && servedPath.value !== probePath.value;
}

/** The probe is sent where the application was seen to answer; null where it already is. */
function addressFix(target: FixTarget, probe: Probe): Fix | null {
  const { listenPort, probePort, servedPath, probePath } = target.facts;
  const changes: { place: ScalarPlace; value: string; what: string }[] = [];
  if (portDiffers(target.facts)) {
    const { place } = locateIn(target, probe, 'port', probePort?.value);
    changes.push({ place, value: String(listenPort?.value), what: 'port' });
  }
  if (pathDiffers(target.facts)) {
    const { place } = locateIn(target, probe, 'path', probePath?.value);
    changes.push({ place, value: String(servedPath?.value), what: 'path' });
  }
  if (changes.length === 0) return null;
  const said = changes.map(({ what, value }) => `${what} ${value}`).join(' and ');
  const asked = changes.map(({ what, place }) => `${what} ${textOf(place)}`).join(' and ');
  return {
    title: `send ${probe} probe to ${said}`,
    edits: changes.map(({ place, value }) => editOf(place, value)),
    reason: `The probe asks at ${asked}, and the application was seen to serve ${said}.`,
    formula: null,
    warnings: sharingWarnings(changes.map(({ place }) => place)),
  };
}

/** The probe waits long enough for the start that was seen. A startup probe is the place for it. */
function timingFix(target: FixTarget, probe: Probe): Fix {
  const startup = hasProbe(target, 'startup') || probe === 'startup';
  if (startup) return startupFix(target);
  const { facts } = target;
  const delay = placesIn(target, probe, 'initialDelaySeconds');
  if (delay.length === 0) return insertedDelay(target, probe);
  const { place, why } = locateIn(
    target,
    probe,
    'initialDelaySeconds',
    facts.probeInitialDelaySeconds?.value,
  );
  const old = wholeNumber(place);
  const { seconds, formula } = neededSeconds(facts, old);
  if (seconds <= old) throw longEnough(place);
  return timing(place, `${probe} probe's initial delay`, seconds, formula, why);
}

function startupFix(target: FixTarget): Fix {
  const { facts } = target;
  const threshold = locateIn(
    target,
    'startup',
    'failureThreshold',
    facts.probe?.value === 'startup' ? facts.probeFailureThreshold?.value : undefined,
  );
  const old = wholeNumber(threshold.place);
  const sibling = (key: string, usual: number): number => {
    const place = target.document.find([...threshold.place.keyPath.slice(0, -1), key]);
    return place ? wholeNumber(place) : usual;
  };
  const period = sibling('periodSeconds', 10);
  const delay = sibling('initialDelaySeconds', 0);
  const start = facts.startSeconds?.value;
  const value = start === undefined ? old * 2 : Math.ceil((start * 1.5 - delay) / period);
  if (value <= old) throw longEnough(threshold.place);
  const formula =
    start === undefined
      ? `failureThreshold x 2 (start time unknown) = ${old} x 2 = ${value}`
      : `(start x 1.5 - initial delay) / period = (${start} s x 1.5 - ${delay} s) / ${period} s, rounded up = ${value}`;
  return timing(
    threshold.place,
    "startup probe's failure threshold",
    value,
    formula,
    threshold.why,
  );
}

function timing(
  place: ScalarPlace,
  what: string,
  value: number,
  formula: string,
  why: string,
): Fix {
  return {
    title: `raise ${what} to ${value}`,
    edits: [editOf(place, String(value))],
    reason: `The start was seen to go on while the probe failed; ${why}.`,
    formula,
    warnings: sharingWarnings([place]),
  };
}

/** Kubernetes waits 0 s where the probe does not say: the key is added to the probe's block. */
function insertedDelay(target: FixTarget, probe: Probe): Fix {
  const key = 'initialDelaySeconds';
  const firsts = probePaths(target, probe).flatMap((path) => {
    const [first] = target.document.scalars(path);
    return first ? [pathText(first.keyPath)] : [];
  });
  const { place } = locate(target, {
    name: `${probe} probe's initial delay`,
    path: [`${probe}Probe`, key],
    ownerOf: (place) =>
      firsts.includes(pathText(place.keyPath)) ? ownerIn(place, probe) : undefined,
    seen: undefined,
    isSeen: () => true,
  });
  const path = place.keyPath.slice(0, probePartOf(place.keyPath, probe) + 1);
  const reach = target.trace.reach([...path, key].slice(target.prefix.length)).kind;
  if (reach === 'unreached') {
    throw new WarRoomError(
      'values-key-missing',
      `${pathText(path)} sets no ${key}, and the chart's templates do not use it, so it was left as it is; add it by hand.`,
    );
  }
  const { seconds, formula } = neededSeconds(target.facts, 0);
  const edit: ScalarEdit = {
    keyPath: [...path, key],
    before: null,
    after: String(seconds),
  };
  return {
    title: `set ${probe} probe's initial delay to ${seconds}`,
    edits: [edit],
    reason: `The start was seen to go on while the probe failed; ${pathText(path)} sets no initial delay.`,
    formula,
    warnings: [],
  };
}

/** Seconds that the probe should wait, a multiple of 5. */
function neededSeconds(facts: Facts, delay: number): { seconds: number; formula: string } {
  const start = facts.startSeconds?.value;
  if (start !== undefined) {
    const seconds = Math.ceil((start * 1.5) / 5) * 5;
    return { seconds, formula: `start x 1.5 = ${start} s x 1.5, rounded up to 5 s = ${seconds}` };
  }
  const period = facts.probePeriodSeconds?.value ?? 10;
  const failures = facts.probeFailureThreshold?.value ?? 3;
  const seconds = Math.ceil(((delay + period * failures) * 2) / 5) * 5;
  return {
    seconds,
    formula: `(initial delay + period x failures) x 2 (start time unknown) = (${delay} s + ${period} s x ${failures}) x 2, rounded up to 5 s = ${seconds}`,
  };
}

/** Where in a path the probe begins, as `livenessProbe` or `probes.liveness`; -1 if nowhere. */
function probePartOf(path: KeyPath, probe: Probe): number {
  return path.findIndex(
    (part, index) => part === `${probe}Probe` || (part === probe && path[index - 1] === 'probes'),
  );
}

function hasProbe(target: FixTarget, probe: Probe): boolean {
  return placesIn(target, probe, 'failureThreshold').length > 0;
}

function probePaths(target: FixTarget, probe: Probe): KeyPath[] {
  return target.document.mappingPaths(target.prefix).filter((path) => {
    const at = probePartOf(path, probe);
    return at >= 0 && at === path.length - 1 && !isOff(target, path);
  });
}

function ownerIn({ keyPath }: ScalarPlace, probe: Probe): KeyPath | undefined {
  const at = probePartOf(keyPath, probe);
  return at >= 0 ? keyPath.slice(0, at) : undefined;
}

function ownerOfKey(target: FixTarget, place: ScalarPlace, probe: Probe, key: string) {
  const owner = place.keyPath.at(-1) === key ? ownerIn(place, probe) : undefined;
  const block = place.keyPath.slice(0, probePartOf(place.keyPath, probe) + 1);
  return owner && !isOff(target, block) ? owner : undefined;
}

function placesIn(target: FixTarget, probe: Probe, key: string): ScalarPlace[] {
  return target.document
    .scalars(target.prefix)
    .filter((place) => ownerOfKey(target, place, probe, key));
}

/** A probe that the chart leaves out; its times reach no container. */
function isOff({ document }: FixTarget, path: KeyPath): boolean {
  return String(document.find([...path, 'enabled'])?.value) === 'false';
}

function locateIn(target: FixTarget, probe: Probe, key: string, seen: string | number | undefined) {
  return locate(target, {
    name: `${probe} probe's ${key}`,
    path: [`${probe}Probe`, key],
    ownerOf: (place) => ownerOfKey(target, place, probe, key),
    seen: seen === undefined ? undefined : String(seen),
    isSeen: (place) => textOf(place) === String(seen),
  });
}

function longEnough(place: ScalarPlace): WarRoomError {
  return new WarRoomError(
    'values-ambiguous',
    `${pathText(place.keyPath)} is ${textOf(place)}, which is longer than the start that was seen, so another value must be the cause; the file was left as it is.`,
  );
}
