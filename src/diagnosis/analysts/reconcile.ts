import type { Analysis, Hypothesis } from '../../incident/analysis';
import type { Citation } from '../../incident/evidence';
import { reasonLine } from '../steps/reason';
import type { ModelAnswer } from './answer';
import type { ShownEvidence } from './shownEvidence';

/**
 * From here on a cause is proven. That is for the playbooks to say, and what they prove is not for a
 * model to overturn: a log can talk to a model.
 */
const proven = 0.8;
/** A cause that only a model names is never surer than this. */
const mostAlone = 0.7;
const leastAlone = 0.5;
const citedLines = 10;

/** The answer of both, and what a person should be told of it. */
export interface Reconciled {
  analysis: Analysis;
  note: string;
}

/**
 * The playbooks' answer with what a model adds to it. Facts, advice and questions stay those of the
 * playbooks, since values come from them; citations that do not exist are dropped, and the model's
 * confidence falls with them.
 */
export function reconcile(
  prior: Analysis,
  answer: ModelAnswer,
  shown: ShownEvidence,
  label: string,
): Reconciled {
  const cited = answer.citations
    .map((each) => shown.find(each))
    .filter((each) => each !== undefined);
  const dropped = answer.citations.length - cited.length;
  const share = answer.citations.length === 0 ? 0 : cited.length / answer.citations.length;
  const confidence = rounded(answer.confidence * share);
  const lost = dropped === 0 ? '' : ` ${dropped} of the lines that it cited do not exist.`;
  const { category } = answer;
  if (answer.verdict !== 'incident' || category === null) {
    return {
      analysis: prior,
      note: `${label} found no cause of its own; the playbooks' answer stands.${lost}`,
    };
  }
  if (cited.length === 0) {
    return {
      analysis: prior,
      note: `${label} named ${category} without a line that exists; the playbooks' answer stands.`,
    };
  }
  const said = { category, confidence, cited, summary: reasonLine(answer.summary) };
  if (prior.category === category && prior.rootCause) {
    return { analysis: agreed(prior, said), note: `${label} agrees: ${category}.${lost}` };
  }
  const before = prior.rootCause?.confidence ?? 0;
  if (before >= proven || confidence <= before || confidence < leastAlone) {
    return {
      analysis: { ...prior, hypotheses: withOther(prior.hypotheses, said, label) },
      note: `${label} rather thinks of ${category} (${confidence}); the playbooks' answer stands.${lost}`,
    };
  }
  return {
    analysis: alone(prior, answer, said, label),
    note: `${label} names ${category}, which no rule confirms: no file is changed for it.${lost}`,
  };
}

interface Said {
  category: Hypothesis['category'];
  confidence: number;
  cited: readonly Citation[];
  summary: string;
}

/**
 * More lines, and where the playbooks were unsure and the model is not, half of the way to it: no
 * farther than to what counts as proven.
 */
function agreed(prior: Analysis, { confidence, cited }: Said): Analysis {
  const { rootCause } = prior;
  if (rootCause === null) return prior;
  const before = rootCause.confidence;
  return {
    ...prior,
    rootCause: {
      ...rootCause,
      confidence: Math.max(before, Math.min(proven, rounded((before + confidence) / 2))),
      evidence: distinct([...rootCause.evidence, ...cited]),
    },
  };
}

function alone(prior: Analysis, answer: ModelAnswer, said: Said, label: string): Analysis {
  const confidence = Math.min(mostAlone, said.confidence);
  return {
    ...prior,
    verdict: 'incident',
    category: said.category,
    severity: prior.severity ?? 'medium',
    rootCause: {
      summary: said.summary,
      confidence,
      mechanism: answer.mechanism,
      evidence: distinct(said.cited),
      changes: prior.rootCause?.changes ?? [],
    },
    hypotheses: withOther(prior.hypotheses, { ...said, confidence }, label),
    advice: null,
    byModelAlone: true,
  };
}

function withOther(known: readonly Hypothesis[], said: Said, label: string): readonly Hypothesis[] {
  const others = known.filter(({ category }) => category !== said.category);
  const own = {
    category: said.category,
    confidence: said.confidence,
    why: `${label}: ${said.summary}`,
  };
  return [...others, own].sort((one, other) => other.confidence - one.confidence);
}

function distinct(citations: readonly Citation[]): readonly Citation[] {
  const byPlace = new Map(
    citations.map((each) => [`${each.line} ${each.source} ${each.text}`, each]),
  );
  return [...byPlace.values()].slice(0, citedLines);
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
