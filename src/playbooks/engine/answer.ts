import type { Analysis } from '../../incident/analysis';
import { categories } from '../../incident/category';
import type { Citation } from '../../incident/evidence';
import type { Finding } from '../playbook';
import type { Condition } from '../read/picture';
import { hundredths } from '../read/quantity';
import type { Reading } from '../read/reading';
import { isoOf } from '../read/time';
import { playbooks } from '../registry';
import { describeGround, questionsOf } from './ask';
import { enough } from './calibration';
import { changesIn } from './changes';
import { hypothesesOf } from './explain';
import { isSafeName } from './facts';
import type { Weighed } from './hypotheses';
import { keywordsOf } from './keywords';
import { secondIncident, type Second } from './second';
import { situationOf, type Judged } from './situation';
import { templatesOf } from './templates';
import { isUnwell } from './trouble';

/** Lines that an answer cites at most. */
const citedLines = 8;

export function healthyAnswer(): Analysis {
  return {
    verdict: 'no-incident',
    category: null,
    severity: null,
    rootCause: null,
    hypotheses: [],
    missing: [],
    questions: [],
    facts: {},
    keywords: [],
    advice: null,
  };
}

export function incidentAnswer(judged: Judged & { best: Weighed }): Analysis {
  const { best, weighed, reading } = judged;
  const situation = situationOf(judged, best);
  const { playbook } = best;
  const onset = reading.timeline.isAbsolute ? isoOf(best.began) : null;
  const second = secondIncident(weighed, situation.app);
  const evidence = cite(
    best,
    weighed.filter((other) => other.playbook !== second?.playbook),
  );
  return {
    verdict: 'incident',
    category: playbook.category,
    severity:
      typeof playbook.severity === 'string' ? playbook.severity : playbook.severity(situation),
    rootCause: {
      summary: sentence(playbook.summary(situation)) + besides(second),
      confidence: hundredths(best.confidence),
      mechanism: situation.mechanism,
      evidence,
      changes: changesIn(reading, best, situation.app),
    },
    hypotheses: hypothesesOf({ ...judged, second }),
    missing: reading.complete && best.confidence >= 0.8 ? [] : playbook.collect(situation),
    questions: questionsOf(judged, situation, playbook.questions(situation)),
    ...(onset === null ? {} : { onset }),
    facts: situation.gathered,
    keywords: keywordsOf(playbook.keywords, evidence),
    advice: playbook.advice(situation),
  };
}

/** @param judged with the lines that show trouble, if not what it is */
export function undecidedAnswer(judged: Judged & { trouble: readonly Citation[] }): Analysis {
  const { weighed } = judged;
  const symptoms = symptomsOf(judged);
  const fallback = playbooks.find((playbook) => playbook.category === 'crash-loop');
  const best = weighed[0];
  const situation = situationOf(judged, best ?? null);
  const playbook = best?.playbook ?? fallback;
  return {
    ...healthyAnswer(),
    verdict: 'insufficient-evidence',
    hypotheses: hypothesesOf({ ...judged, second: null }),
    symptoms,
    missing: [
      ...new Set([
        ...describeUnwell(judged.reading),
        ...(playbook?.collect(situation) ?? []),
        ...(fallback?.collect(situation) ?? []),
        ...offlineLogs(judged.reading),
        ...describeGround(judged),
      ]),
    ],
    questions: questionsOf(judged, situation, [
      ...(playbook?.questions(situation) ?? []),
      ...offlineQuestions(judged.reading),
    ]),
    facts: situation.gathered,
    keywords: keywordsOf([], symptoms),
  };
}

/** What is plainly wrong; else what made the best hypothesis worth a thought. Lines alike stand once. */
function symptomsOf({ trouble, weighed }: Judged & { trouble: readonly Citation[] }): Citation[] {
  const suspected = (weighed[0]?.findings ?? []).map(({ citation }) => citation);
  const shown = trouble.length > 0 ? trouble : suspected;
  const alike = templatesOf(
    shown.map(({ text }) => text),
    { most: citedLines },
  );
  const firsts = new Set(alike.map(({ first }) => shown[first]));
  return shown.filter((citation) => firsts.has(citation));
}

/** The commands that show more of the objects that say of themselves that they are not well. */
function describeUnwell({ picture }: Reading): string[] {
  return picture.conditions
    .filter((condition) => isUnwell(condition) && isSafeObject(condition))
    .map(({ object, namespace }) => {
      const where = namespace === null ? '' : ` -n ${namespace}`;
      return `kubectl describe ${object}${where}`;
    });
}

function isSafeObject({ object, namespace }: Condition): boolean {
  return isSafeName(object) && isSafeName(namespace ?? '');
}

function besides(second: Second | null): string {
  if (!second) return '';
  const what = categories[second.playbook.category].toLowerCase();
  return ` Apart from it, ${second.app} fails by itself (${second.playbook.category}: ${what}).`;
}

function offlineLogs({ picture }: Reading): string[] {
  return picture.offline.map(({ value }) => `kubectl logs deployment/${value} --tail=200`);
}

function offlineQuestions({ picture }: Reading): Analysis['questions'] {
  return picture.offline.map(({ value }) => ({
    server: 'logs',
    tool: 'get_service_logs',
    arguments: { service: value },
    why: `${value} is not online: its last words may say why`,
  }));
}

/** The proof first, then other kinds of proof, then the symptoms that it explains. */
function cite(best: Weighed, weighed: readonly Weighed[]): Citation[] {
  const chosen: Citation[] = [];
  const add = (finding: Finding): void => {
    const { citation } = finding;
    const known = chosen.some(
      (other) =>
        (other.source === citation.source && other.line === citation.line) ||
        other.text === citation.text,
    );
    if (!known && chosen.length < citedLines) chosen.push(citation);
  };
  const keys = new Set<string>();
  for (const finding of best.findings) {
    if (keys.has(finding.key)) continue;
    keys.add(finding.key);
    add(finding);
  }
  best.findings.slice(0, 4).forEach(add);
  for (const other of weighed) {
    if (other !== best && other.confidence >= enough) other.findings.slice(0, 1).forEach(add);
  }
  return chosen;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
