import type { Finding } from '../playbook';
import { sameApp } from './objects';
import { walkFrom } from './walk';

/** What is said of another workload than the one in question counts this much. */
const elsewhere = 0.4;
/** A finding of less weight says nothing of the workload in question. */
const telling = 0.5;

/**
 * Lessens what the platform says of workloads that the one in question does not lead to, as long as
 * something is said of itself: a neighbour's trouble is no cause of it.
 */
export function relevantTo(
  subject: string | null,
  findings: readonly Finding[],
): readonly Finding[] {
  if (!subject) return findings;
  const reached = [...walkFrom(subject, findings).keys()];
  const isForeign = ({ app, fromLog }: Finding): boolean =>
    fromLog !== true && app !== null && !sameApp(app, subject);
  const own = findings.filter(
    (finding) => !isForeign(finding) && finding.role !== 'symptom' && finding.weight >= telling,
  );
  if (own.length === 0) return findings;
  return findings.map((finding) =>
    isForeign(finding) && !reached.some((app) => sameApp(finding.app ?? '', app))
      ? { ...finding, weight: finding.weight * elsewhere, ownWeight: finding.weight }
      : finding,
  );
}
