import type * as vscode from 'vscode';
import type { Incident } from '../../incident/incident';
import { translate as t } from '../translate';

/** What an answer keeps of itself, for what can be asked next. */
export interface AnswerMetadata {
  readonly incidentId: string;
  readonly state: Incident['state'];
}

/** The metadata of an answer about an incident. */
export function metadataOf({ id, state }: Incident): AnswerMetadata {
  return { incidentId: id, state };
}

/** What fits next: to look again at what waits or runs, and to see the others and the servers. */
export function followupsOf({ metadata }: vscode.ChatResult): vscode.ChatFollowup[] {
  const id: unknown = metadata?.['incidentId'];
  return [
    ...(typeof id === 'string'
      ? [{ command: 'incident', prompt: id, label: t('How does this incident stand now?') }]
      : []),
    { command: 'incident', prompt: '', label: t('Which incidents are there?') },
    { command: 'pool', prompt: '', label: t('Which MCP servers run?') },
  ];
}
