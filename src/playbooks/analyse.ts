import type { Analysis } from '../incident/analysis';
import type { Category } from '../incident/category';
import type { EvidenceText } from '../incident/evidence';
import { healthyAnswer, incidentAnswer, undecidedAnswer } from './engine/answer';
import { subjectOf } from './engine/app';
import { enough } from './engine/calibration';
import { findAll } from './engine/findings';
import { showsHealth } from './engine/health';
import { weigh } from './engine/hypotheses';
import { ownWords } from './engine/ownWords';
import { search } from './engine/search';
import type { Judged } from './engine/situation';
import { troubleIn } from './engine/trouble';
import { readEvidence } from './read/reading';

/**
 * What the evidence says, by the playbooks alone: offline, deterministic, and in time linear in the
 * evidence. The first text is what a person selected; the others were collected for it.
 * @param options.not categories that a person has ruled out: they are no root cause here
 */
export function analyse(
  texts: readonly EvidenceText[],
  options: { now?: Date; not?: readonly Category[] } = {},
): Analysis {
  const judged = judge(texts, options);
  const { not = [] } = options;
  const weighed = judged.weighed.filter(({ playbook }) => !not.includes(playbook.category));
  return answerOf({ ...judged, weighed });
}

/** Weighs what the evidence says, before it is decided whether that is enough for an answer. */
export function judge(texts: readonly EvidenceText[], options: { now?: Date } = {}): Judged {
  const reading = readEvidence(texts, options.now ?? null);
  const hits = search(reading.lines);
  const subject = subjectOf(reading);
  const found = findAll(reading, hits);
  const weighed = weigh(found, hits, reading, subject);
  if ((weighed[0]?.confidence ?? 0) >= enough) return { reading, hits, weighed, subject };
  const own = ownWords(reading, troubleIn(reading, hits), found);
  return {
    reading,
    hits,
    weighed: own.length === 0 ? weighed : weigh([...found, ...own], hits, reading, subject),
    subject,
  };
}

/** From this confidence on a cause that is not proven is still too much to say that all is well. */
const suspicion = 0.45;

/** Says what was judged, where that is enough for an answer; else what would be. */
export function answerOf(judged: Judged): Analysis {
  const { reading, hits, weighed } = judged;
  const [best] = weighed;
  if (best && best.confidence >= enough) return incidentAnswer({ ...judged, best });
  const trouble = troubleIn(reading, hits);
  const suspected = (best?.confidence ?? 0) >= suspicion;
  return trouble.length === 0 && !suspected && showsHealth(reading, hits)
    ? healthyAnswer()
    : undecidedAnswer({ ...judged, trouble });
}
