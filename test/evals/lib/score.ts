import type { Analysis } from '../../../src/incident/analysis';
import type { EvidenceText } from '../../../src/incident/evidence';
import type { EvalCase } from './cases';

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
}

/** Answers that name no incident. */
export const quiet: readonly string[] = ['no-incident', 'insufficient-evidence'];

/** Compares an answer with what the case says. */
export function score(
  evalCase: EvalCase,
  texts: readonly EvidenceText[],
  analysis: Analysis,
): Score {
  const answer = analysis.verdict === 'incident' ? String(analysis.category) : analysis.verdict;
  const cited = analysis.rootCause?.evidence ?? [];
  const category = answer === evalCase.category;
  const incident = !quiet.includes(evalCase.category);
  const grounded = incident
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
