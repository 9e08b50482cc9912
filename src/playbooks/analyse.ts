import type { Analysis } from '../incident/analysis';
import type { EvidenceText } from '../incident/evidence';
import { healthyAnswer, incidentAnswer, undecidedAnswer } from './engine/answer';
import { subjectOf } from './engine/app';
import { findAll } from './engine/findings';
import { showsHealth } from './engine/health';
import { enough, weigh } from './engine/hypotheses';
import { search } from './engine/search';
import { troubleIn } from './engine/trouble';
import { readEvidence } from './read/reading';

/**
 * What the evidence says, by the playbooks alone: offline, deterministic, and in time linear in the
 * evidence. The first text is what a person selected; the others were collected for it.
 */
export function analyse(texts: readonly EvidenceText[], options: { now?: Date } = {}): Analysis {
  const reading = readEvidence(texts, options.now ?? null);
  const hits = search(reading.lines);
  const findings = findAll(reading, hits);
  const subject = subjectOf(reading);
  const weighed = weigh(findings, hits, reading, subject);
  const [best] = weighed;
  if (best && best.confidence >= enough) {
    return incidentAnswer({ reading, hits, weighed, best, subject });
  }
  const trouble = troubleIn(reading, hits);
  return trouble.length === 0 && showsHealth(reading, hits)
    ? healthyAnswer()
    : undecidedAnswer({ reading, hits, weighed, trouble, subject });
}
