import type * as vscode from 'vscode';
import type { DiagnoseResult } from '../../incident/result';

/** What goes first when a result is too long; every key stays. */
const shorter: readonly ((result: DiagnoseResult) => DiagnoseResult)[] = [
  (result) => ({ ...result, timings: {}, incident: { ...result.incident, keywords: [] } }),
  (result) => ({ ...result, hypotheses: result.hypotheses.slice(0, 2) }),
  ({ proposal, ...result }) => ({
    ...result,
    proposal: proposal && {
      ...proposal,
      files: proposal.files.map(({ path }) => ({ path, diff: '' })),
    },
  }),
  ({ rootCause, ...result }) => ({
    ...result,
    rootCause: rootCause && { ...rootCause, evidence: rootCause.evidence.slice(0, 2), changes: [] },
  }),
];

/** The result as JSON within the tokens that the model has left for it, as far as that can be. */
export async function fittingText(
  result: DiagnoseResult,
  budget: vscode.LanguageModelToolTokenizationOptions | undefined,
): Promise<string> {
  let fitting = result;
  for (const shorten of shorter) {
    const text = JSON.stringify(fitting);
    if (!budget || (await budget.countTokens(text)) <= budget.tokenBudget) return text;
    fitting = shorten(fitting);
  }
  return JSON.stringify(fitting);
}
