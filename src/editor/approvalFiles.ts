import * as vscode from 'vscode';
import { wholeProposal } from '../incident/chosenFiles';
import type { Incident } from '../incident/incident';

/**
 * The files of a proposal that a person accepts: asked for where there are several.
 * @returns null for all, undefined when they went away from the question
 */
export async function chooseFiles({
  proposal,
  state,
}: Incident): Promise<readonly string[] | null | undefined> {
  const files = proposal && state === 'awaiting-approval' ? wholeProposal(proposal).files : [];
  if (files.length < 2) return null;
  const chosen = await vscode.window.showQuickPick(
    files.map(({ path, diff }) => ({ label: path, detail: changeWords(diff), picked: true })),
    {
      title: `Accept which of the ${files.length} files?`,
      placeHolder: 'What you leave out stays as it is, and the record says so',
      canPickMany: true,
      ignoreFocusOut: true,
    },
  );
  if (!chosen || chosen.length === 0) return undefined;
  return chosen.length === files.length ? null : chosen.map(({ label }) => label);
}

/** The new lines of a change, without the space around them. */
function changeWords(diff: string): string {
  return diff
    .split('\n')
    .filter((line) => line.startsWith('+') && !line.startsWith('+++'))
    .map((line) => line.slice(1).trim())
    .join(' · ');
}
