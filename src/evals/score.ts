import type { Analysis } from '../incident/analysis';
import type { EvidenceText } from '../incident/evidence';
import { answerOf, judge } from '../playbooks/analyse';
import { mostFor } from '../playbooks/engine/calibration';
import { quiet, type EvalCase } from './evalCase';

/** What one case came to. */
export interface Score {
  case: EvalCase;
  answer: string;
  analysis: Analysis;
  category: boolean;
  /** Null where the case names no application. */
  app: boolean | null;
  /** A cited line holds one of the proofs; null where there is nothing to cite. */
  grounded: boolean | null;
  /** Every cited line stands in the evidence as cited. */
  verbatim: boolean;
  passed: boolean;
  /** The best cause, whether or not it was sure enough to be the answer; null without any. */
  best: Best | null;
  /** Of the analysis alone, milliseconds. */
  ms: number;
}

/** The cause that the evidence speaks for most. */
export interface Best {
  right: boolean;
  /** What its findings add up to, before calibration. */
  weight: number;
  /** What no cause of its layer exceeds. */
  most: number;
  /** Its probability. */
  confidence: number;
}

/** Diagnoses a case without a model and compares the answer with the label. */
export function scoreCase(evalCase: EvalCase, texts: readonly EvidenceText[]): Score {
  const start = performance.now();
  const judged = judge(texts);
  const analysis = answerOf(judged);
  const ms = performance.now() - start;
  const [first] = judged.weighed;
  const best = first && {
    right: first.playbook.category === evalCase.category,
    weight: first.weight,
    most: mostFor(first.playbook.layer),
    confidence: first.confidence,
  };
  return { ...compared(evalCase, texts, analysis), best: best ?? null, ms };
}

/** Compares an answer with what the case says. */
export function compared(
  evalCase: EvalCase,
  texts: readonly EvidenceText[],
  analysis: Analysis,
): Omit<Score, 'best' | 'ms'> {
  const answer = analysis.verdict === 'incident' ? String(analysis.category) : analysis.verdict;
  const cited = analysis.rootCause?.evidence ?? [];
  const category = answer === evalCase.category;
  const incident = !quiet.includes(evalCase.category);
  const grounded =
    incident && evalCase.proof.length > 0
      ? cited.some((citation) => evalCase.proof.some((proof) => citation.text.includes(proof)))
      : null;
  const verbatim = cited.every((citation) =>
    texts.some(
      (text) =>
        text.source === citation.source &&
        text.lines.some((line) => line.number === citation.line && line.text === citation.text),
    ),
  );
  const app =
    evalCase.app === null || !incident ? null : analysis.facts.app?.value === evalCase.app;
  return {
    case: evalCase,
    answer,
    analysis,
    category,
    app,
    grounded,
    verbatim,
    passed: category && grounded !== false && verbatim,
  };
}
