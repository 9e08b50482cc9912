import { WarRoomError } from '../../base/errors';
import { fitOf, normalName } from '../find/names';
import { endsWith, pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import type { FixTarget } from './fix';

/** What setting of the failing container is looked for. */
export interface Setting {
  /** For sentences: "memory limit". */
  name: string;
  /** For sentences: its usual key path below whatever names the container. */
  path: KeyPath;
  /** What names the container: the key path without the setting's own keys. Undefined for other scalars. */
  ownerOf(place: ScalarPlace): KeyPath | undefined;
  /** What the evidence shows; undefined where it shows nothing. */
  seen: string | undefined;
  /** True if the scalar holds what was seen. */
  isSeen(place: ScalarPlace): boolean;
}

/** A setting that was found, and why it is the one. */
export interface LocatedSetting {
  place: ScalarPlace;
  owner: KeyPath;
  why: string;
}

/**
 * Finds the one scalar that decides a setting of the failing container. Where the evidence shows
 * the value, the scalar must hold it; of several, the one under the container's name wins, then one
 * at the usual place of a chart. Two that are equally good are refused, and so is one that stands
 * under another name, unless the chart's templates use it for this container.
 * @throws code `values-key-missing`, `values-ambiguous`
 */
export function locate(target: FixTarget, setting: Setting): LocatedSetting {
  const all = target.document.scalars(target.prefix).filter((place) => setting.ownerOf(place));
  if (all.length === 0) throw missing(target, setting);
  const reached = all.filter(({ keyPath }) => reachOf(target, keyPath).kind !== 'unreached');
  if (reached.length === 0) {
    throw refuse(setting, `the chart's templates do not use ${listed(all)} for this container`);
  }
  const fitting =
    setting.seen === undefined ? reached : reached.filter((place) => setting.isSeen(place));
  if (fitting.length === 0) {
    const found = reached.map((place) => `${pathText(place.keyPath)} is ${place.source.trim()}`);
    throw refuse(
      setting,
      `the container ran with ${setting.seen}, but in the file ${found.join(', ')}`,
    );
  }
  const [best, ...rest] = bestOf(target, setting, fitting);
  if (!best || rest.length > 0) {
    throw refuse(setting, `${listed(fitting)} fit equally well`);
  }
  const traced = reachOf(target, best.keyPath).kind === 'reached';
  // A template with a computed name is the application's own container, not one beside it.
  if ((!traced || isBeside(target)) && gradeOf(target, setting, best) === grades.elsewhere) {
    const container = target.facts.container?.value ?? target.app;
    throw new WarRoomError(
      'values-key-missing',
      `The values file sets no ${setting.name} that is certainly ${container}'s: ${listed([best])} may be another container's. The file was left as it is; change the right one by hand.`,
    );
  }
  const place = target.document.scalar(best.keyPath);
  const owner = setting.ownerOf(best) ?? [];
  return { place, owner, why: reasonFor(target, setting, best, reached.length) };
}

/** The {@link Setting.ownerOf} of a setting whose key path always ends alike. */
export function below(tail: KeyPath): Setting['ownerOf'] {
  return ({ keyPath }) => (endsWith(keyPath, tail) ? keyPath.slice(0, -tail.length) : undefined);
}

/** Parts of charts that hold the main container's settings one level down. */
const usualOwners = new Set([
  ...['template', 'jobtemplate', 'cronjob', 'job', 'global'],
  ...['deployment', 'deploy', 'workload', 'statefulset', 'daemonset', 'pod', 'podspec', 'spec'],
  ...['container', 'containers', 'server', 'controller', 'main', 'app', 'application'],
  ...['probes', 'health', 'healthcheck', 'healthchecks'],
]);

function bestOf(target: FixTarget, setting: Setting, places: ScalarPlace[]): ScalarPlace[] {
  const found = places.map((place) => gradeOf(target, setting, place));
  const best = Math.min(...found);
  return places.filter((_, index) => found[index] === best);
}

/** Best first; `partly` is `worker` of the container `shop-worker`. */
const grades = { named: 0, partly: 1, usual: 2, elsewhere: 3 };

/** Containers that run beside an application's own, which charts and injectors name so. */
const companion =
  /(?:^|-)(?:proxy|sidecar|agent|exporter|metrics|init|envoy|daprd|istio-init|fluent-?bit|fluentd|filebeat|promtail|otel-collector|config-reloader|git-sync)$/;

/** True for a container beside the application's own. */
function isBeside({ app, facts }: FixTarget): boolean {
  const container = facts.container?.value;
  return (
    container !== undefined &&
    fitOf(container, app) === 'none' &&
    companion.test(normalName(container))
  );
}

/** Parts of an application that run as containers of their own. */
const roles = new Set(['server', 'controller']);

/** Where the place stands: under the container's name, where charts usually have it, or elsewhere. */
function gradeOf(target: FixTarget, setting: Setting, place: ScalarPlace): number {
  const { keyPath } = place;
  const owner = (setting.ownerOf(place) ?? []).slice(target.prefix.length);
  const container = target.facts.container?.value;
  const names = owner.map((part, index) =>
    nameOf(target, keyPath, target.prefix.length + index, part),
  );
  const fits = (name: string) => names.map((part) => fitOf(part, name));
  const own = container === undefined || fitOf(container, target.app) !== 'none';
  if (container !== undefined) {
    if (fits(container).includes('same')) return grades.named;
    if (fits(container).includes('release')) return grades.partly;
    if (!own && companion.test(normalName(container))) return grades.elsewhere;
  }
  if (fits(target.app).includes('same')) return own ? grades.named : grades.usual;
  if (fits(target.app).includes('release') && own) return grades.partly;
  const isRole = !own && names.some((name) => roles.has(name.toLowerCase()));
  return names.every(isUsual) && !isRole ? grades.usual : grades.elsewhere;
}

/**
 * True unless what stands at `owner` (a path below the application's own values) belongs to
 * somebody else than the failing container.
 */
export function fitsContainer(target: FixTarget, owner: KeyPath): boolean {
  const container = target.facts.container?.value ?? target.app;
  const path = [...target.prefix, ...owner];
  const names = owner.map((part, index) =>
    nameOf(target, path, target.prefix.length + index, part),
  );
  const own = [container, target.app];
  return names.every((name) => isUsual(name) || own.some((each) => fitOf(name, each) !== 'none'));
}

/** A usual part of a chart, or a list's entry without a name. */
function isUsual(part: string): boolean {
  return usualOwners.has(part.toLowerCase()) || /^\d+$/.test(part);
}

/** A key, or of a list's entry the `name` that stands in it. */
function nameOf(target: FixTarget, path: KeyPath, index: number, part: string | number): string {
  if (typeof part === 'string') return part;
  const name = target.document.find([...path.slice(0, index + 1), 'name']);
  return typeof name?.value === 'string' ? name.value : String(part);
}

function reachOf(target: FixTarget, path: KeyPath) {
  return target.trace.reach(path.slice(target.prefix.length));
}

function reasonFor(
  target: FixTarget,
  setting: Setting,
  place: ScalarPlace,
  candidates: number,
): string {
  const reach = reachOf(target, place.keyPath);
  const path = pathText(place.keyPath);
  if (reach.kind === 'reached') return `${path} is used for this container by ${reach.template}`;
  if (setting.seen !== undefined) {
    return `${path} holds ${place.source.trim()}, the ${setting.name} that the container ran with`;
  }
  return candidates === 1
    ? `${path} is the only ${setting.name} in the file`
    : `${path} is the ${setting.name} at the usual place`;
}

function listed(places: readonly ScalarPlace[]): string {
  return places.map((place) => pathText(place.keyPath)).join(', ');
}

function missing(target: FixTarget, setting: Setting): WarRoomError {
  const path = pathText([...target.prefix, ...setting.path]);
  return new WarRoomError(
    'values-key-missing',
    `The values file sets no ${setting.name} (${path}), so it was left as it is; add the key where your chart reads it.`,
  );
}

function refuse(setting: Setting, why: string): WarRoomError {
  return new WarRoomError(
    'values-ambiguous',
    `It is not certain which value decides the ${setting.name}: ${why}. The file was left as it is; change the right one by hand.`,
  );
}
