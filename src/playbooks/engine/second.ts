import type { Finding, Layer, Playbook } from '../playbook';
import type { Weighed } from './hypotheses';
import { sameApp } from './objects';
import { walkFrom } from './walk';

/** Another failure that the root cause does not explain. */
export interface Second {
  app: string;
  playbook: Playbook;
  finding: Finding;
}

/** What fails by itself, as against what something else may have brought about. */
const byItself: ReadonlySet<Layer> = new Set(['origin', 'dependency']);
/** Of less weight nothing is an incident of its own. */
const enough = 0.75;

/**
 * The strongest failure that is an incident of its own beside `best`: of another application, in
 * another category, proven by itself, and with no reference from the one to the other. Null where
 * there is one incident only.
 */
export function secondIncident(weighed: readonly Weighed[], app: string | null): Second | null {
  const [best] = weighed;
  const own = best?.findings[0]?.app ?? app;
  if (!best || own === null) return null;
  const all = weighed.flatMap(({ findings }) => findings);
  const near = walkFrom(own, all);
  const candidates = weighed
    .slice(1)
    .flatMap(({ playbook, findings }) =>
      byItself.has(playbook.layer)
        ? findings.flatMap((finding) =>
            finding.app !== null && isApart(finding, own, best, near, all)
              ? [{ app: finding.app, playbook, finding }]
              : [],
          )
        : [],
    );
  const [strongest] = candidates.sort(
    (left, right) => weightOf(right.finding) - weightOf(left.finding),
  );
  return strongest ?? null;
}

function isApart(
  finding: Finding,
  own: string,
  best: Weighed,
  near: ReadonlyMap<string, string | null>,
  all: readonly Finding[],
): boolean {
  const { app, role } = finding;
  if (app === null || role === 'symptom' || weightOf(finding) < enough) return false;
  if (sameApp(app, own) || best.findings.some((each) => each.app && sameApp(each.app, app))) {
    return false;
  }
  const reached = [...near.keys()].some((each) => sameApp(each, app));
  const reaches = [
    ...walkFrom(
      app,
      all.filter((each) => each.app !== null),
    ).keys(),
  ].some((each) => sameApp(each, own));
  return !reached && !reaches;
}

/** What a finding weighs for its own application. */
function weightOf({ weight, ownWeight }: Finding): number {
  return ownWeight ?? weight;
}
