import type { Finding } from '../playbook';
import { namesTarget, sameApp } from './objects';

/**
 * Every application that one failure may come from: the one in question, and by the references of
 * its findings (names in logs, and host names in messages, which name Services) those that it asks, and those
 * that they ask. The value is who led there; null for the first.
 */
export function walkFrom(
  subject: string,
  findings: readonly Finding[],
): ReadonlyMap<string, string | null> {
  const reached = new Map<string, string | null>([[subject, null]]);
  const apps = [...new Set(findings.flatMap(({ app }) => app ?? []))];
  const hosts = findings.flatMap(({ app, facts, citation, fromLog }) => [
    ...(facts.host ? [{ app, target: serviceOf(facts.host) }] : []),
    ...apps
      .filter((each) => fromLog === true && namesTarget(citation.text, each))
      .map((target) => ({ app, target })),
  ]);
  const queue = [subject];
  for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
    for (const { app, target } of hosts) {
      // A line that names nobody is of the log in question.
      if (!sameApp(app ?? subject, from)) continue;
      for (const next of [target, ...apps.filter((each) => sameApp(each, target))]) {
        if (reached.has(next) || next === '') continue;
        reached.set(next, from);
        queue.push(next);
      }
    }
  }
  return reached;
}

/** `redis` of `redis.shop.svc.cluster.local`. */
function serviceOf(host: string): string {
  return /^[\d.:]+$/.test(host) ? '' : host.replace(/\..*/, '');
}

/** `cart → redis-master`, for an application that was reached over others; null for the first. */
export function pathTo(app: string, reached: ReadonlyMap<string, string | null>): string | null {
  const names = [app];
  let before = reached.get(app) ?? null;
  while (before !== null && !names.includes(before)) {
    names.unshift(before);
    before = reached.get(before) ?? null;
  }
  return names.length > 1 ? names.join(' → ') : null;
}
