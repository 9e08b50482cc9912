import type { Finding } from '../playbook';
import { appOfPod, type Picture, type Pod } from '../read/picture';
import type { Reading } from '../read/reading';
import { layerOf } from './layer';
import { namesApp, sameApp } from './objects';

/** From this weight on an end is sure enough to have echoes. */
const proven = 0.6;

/**
 * Drops refused connections of one program where another one is seen to end by itself: that nobody
 * listens is the echo of it.
 */
export function withoutEchoes(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const ended = findings.filter(
    ({ category, weight }) =>
      weight >= proven && ['program', 'loop'].includes(layerOf(category) ?? ''),
  );
  const gone = [...goneApps(reading.picture), ...killedApps(findings)];
  return findings.filter(
    (finding) =>
      layerOf(finding.category) !== 'network' ||
      !(
        ended.some((other) => isOtherProgram(other, finding, reading)) ||
        gone.some((app) => isOf(app, finding))
      ),
  );
}

/** Applications with a pod that ended by itself, and those that lack one. */
function goneApps({ pods, lacking }: Picture): string[] {
  const ended = pods.filter(isGone).map(({ app, name }) => app ?? appOfPod(name));
  return [...ended, ...lacking.map(({ value }) => value)];
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
  return facts.host?.replace(/\..*/, '') === app || namesApp(citation.text, app);
}

function isOtherProgram(ended: Finding, complaining: Finding, reading: Reading): boolean {
  if (ended.app !== null && complaining.app !== null) {
    return (
      !sameApp(ended.app, complaining.app) && !namesThird(complaining, ended.app, reading.picture)
    );
  }
  return outlives(complaining.process ?? null, ended.order, reading);
}

/** What could not be reached is named, and is another workload than the one that ended. */
function namesThird({ citation, app }: Finding, ended: string, { pods }: Picture): boolean {
  return pods.some((pod) => {
    const third = pod.app ?? appOfPod(pod.name);
    return !sameApp(third, ended) && third !== app && namesApp(citation.text, third);
  });
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
