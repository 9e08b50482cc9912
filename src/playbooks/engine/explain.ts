import type { Hypothesis } from '../../incident/analysis';
import { hundredths } from '../read/quantity';
import type { Reading } from '../read/reading';
import { commonGround, groundInWords } from './ground';
import { shared, type Weighed } from './hypotheses';
import { judge, reasonOf, type Judged } from './predictions';
import type { Second } from './second';
import { pathTo, walkFrom } from './walk';

/** Other explanations that are worth naming. */
const worthNaming = 0.15;
const mostNamed = 5;

interface Explained {
  reading: Reading;
  weighed: readonly Weighed[];
  /** The application in question. */
  subject: string | null;
  second: Second | null;
}

/**
 * The hypotheses, best first, each with what speaks for it, how its object was reached, and what it
 * predicts: seen, contradicted or unobservable. A second incident stands behind the first one, with
 * a confidence of its own.
 */
export function hypothesesOf(explained: Explained): Hypothesis[] {
  const { weighed, second } = explained;
  const named = weighed
    .filter(
      ({ confidence, playbook }) => confidence >= worthNaming && playbook !== second?.playbook,
    )
    .slice(0, mostNamed);
  const own = shared(named).map(({ weighed: each, confidence }, index) => ({
    category: each.playbook.category,
    confidence: hundredths(confidence),
    why: [whyOf(each), ...contextOf(each, explained, index === 0)].join('; '),
  }));
  return second ? [...own.slice(0, 1), besides(second, own), ...own.slice(1)] : own;
}

/** No surer than the first one, as what is told first is what we are surest of. */
function besides({ app, playbook, finding }: Second, [first]: readonly Hypothesis[]): Hypothesis {
  return {
    category: playbook.category,
    confidence: Math.min(hundredths(finding.ownWeight ?? finding.weight), first?.confidence ?? 1),
    why: `a second incident, of ${app}: shown by "${quote(finding.citation.text)}"`,
  };
}

function whyOf({ findings }: Weighed): string {
  const lines = new Set(findings.map(({ citation }) => `${citation.line} ${citation.source}`));
  const [best] = findings;
  const more = lines.size > 1 ? ` and ${lines.size - 1} more` : '';
  return `${best?.role === 'symptom' ? 'fits' : 'shown by'} "${quote(best?.citation.text ?? '')}"${more}`;
}

function contextOf(weighed: Weighed, explained: Explained, isFirst: boolean): string[] {
  const { reading, subject, weighed: all } = explained;
  const [best] = weighed.findings;
  const findings = all.flatMap((each) => each.findings);
  const app = best?.app ?? subject;
  const path = subject && app ? pathTo(app, walkFrom(subject, findings)) : null;
  const ground = isFirst ? commonGround(reading.picture, findings) : null;
  const host = weighed.findings.find(({ facts }) => facts.host)?.facts.host ?? null;
  return [
    ...(path ? [`reached over ${path}`] : []),
    ...(ground ? [groundInWords(ground)] : []),
    ...judge(weighed.playbook.category, reading, app, host).map((each) =>
      predictionInWords(each, reading),
    ),
  ];
}

function predictionInWords(judged: Judged, reading: Reading): string {
  const { says, outcome, citation } = judged;
  if (outcome === 'unobservable') {
    return `predicts ${says}: unobservable, ${reasonOf(judged, reading)}`;
  }
  return `predicts ${says}: ${outcome} in ${citation?.source ?? ''}:${citation?.line ?? 0}`;
}

function quote(text: string): string {
  return text.trim().slice(0, 140);
}
