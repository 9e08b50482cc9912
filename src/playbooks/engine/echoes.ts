import type { Finding } from '../playbook';
import { isHealthy, type Picture, type Pod } from '../read/picture';
import type { Reading } from '../read/reading';
import { layerOf } from './layer';
import { isService, namesTarget, sameApp, workloadOf } from './objects';

/** From this weight on an end is sure enough to have echoes. */
const proven = 0.6;

/**
 * Drops refused connections of one program where another one is seen to end by itself: that nobody
 * listens is the echo of it.
 */
export function withoutEchoes(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const serving = servingApps(reading.picture.pods);
  const ended = findings.filter(
    ({ category, weight, app }) =>
      weight >= proven &&
      !(app !== null && serving.has(app)) &&
      ['program', 'loop'].includes(layerOf(category) ?? ''),
  );
  const gone = [...new Set([...goneApps(reading.picture, serving), ...killedApps(findings)])];
  return findings.filter(
    (finding) =>
      !unreached.has(finding.category) ||
      !(
        ended.some((other) => isOtherProgram(other, finding, reading)) ||
        gone.some((app) => isOf(app, finding))
      ),
  );
}

/** What nobody there brings about; a name that does not resolve and a load of one's own are other things. */
const unreached: ReadonlySet<string> = new Set([
  'connection-refused',
  'connection-timeout',
  'connection-reset',
  'upstream-5xx',
]);

/** Applications with a pod that ended by itself, and those that lack one. */
function goneApps({ pods, lacking }: Picture, serving: ReadonlySet<string>): string[] {
  const ended = pods.filter(isGone).map(workloadOf);
  return [...ended, ...lacking.map(({ value }) => value)].filter((app) => !serving.has(app));
}

/** Applications of which some pod serves: what it does not answer is no echo of another pod's end. */
function servingApps(pods: readonly Pod[]): ReadonlySet<string> {
  const serving = pods.filter((pod) => isHealthy(pod) && pod.ready?.value === true);
  return new Set(serving.map(workloadOf));
}

const goneStatus = /^(?:CrashLoopBackOff|Error|OOMKilled|Exited|Restarting)\b/;

function isGone({ status, containers }: Pod): boolean {
  return (
    goneStatus.test(status?.value ?? '') ||
    containers.some(({ state }) => state?.reason?.value === 'CrashLoopBackOff')
  );
}

/** Applications that the platform kills for what their liveness probe finds. */
function killedApps(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ category, app, weight }) =>
    category === 'liveness-failed' && app !== null && weight >= proven ? [app] : [],
  );
}

/** Another program names the application where it tells what it could not reach. */
function isOf(app: string, { citation, app: own, facts }: Finding): boolean {
  if (own === null || sameApp(own, app)) return false;
  return isService(facts.host, app) || namesTarget(citation.text, app);
}

function isOtherProgram(ended: Finding, complaining: Finding, reading: Reading): boolean {
  if (ended.app !== null && complaining.app !== null) {
    return (
      !sameApp(ended.app, complaining.app) &&
      (isOf(ended.app, complaining) || namesNobody(complaining, reading.picture))
    );
  }
  return outlives(complaining.process ?? null, ended.order, reading);
}

/** A process that writes before and after another one ended is not the one that ended. */
function outlives(process: string | null, order: number, reading: Reading): boolean {
  if (process === null || reading.lines[order]?.process === process) return false;
  const source = reading.lines[order]?.source;
  const wrote = (from: number, to: number): boolean =>
    reading.lines
      .slice(Math.max(0, from), to)
      .some((line) => line.process === process && line.source === source);
  return wrote(order - 200, order) && wrote(order + 1, order + 200);
}

const privateAddress = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|f[cd][\da-f]{2})[.:]/i;
const hostName = /:\/\/[a-z][\w.-]*|\b[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,}(?=[:/"'\s]|$)/i;

/** Only an address of the cluster is named: it may be of whatever ended. */
function namesNobody({ citation, facts, app }: Finding, { pods }: Picture): boolean {
  if (facts.host !== undefined && !privateAddress.test(facts.host)) return false;
  if (hostName.test(citation.text)) return false;
  return !pods.some((pod) => {
    const third = workloadOf(pod);
    return third !== app && namesTarget(citation.text, third);
  });
}
