import * as vscode from 'vscode';
import type { ChatModel } from '../../diagnosis/analysts/model';
import { translate as t } from '../translate';

const answersKey = 'warRoom.modelNotices';

type Asked = Pick<ChatModel, 'id' | 'label' | 'destination'>;

/**
 * True when the person agreed that masked evidence goes to this provider and destination: asked
 * once in each workspace. Where they did not, the playbooks answer alone; a question that was only
 * closed comes again.
 */
export async function mayAsk(
  kept: vscode.Memento,
  { id, label, destination }: Asked,
  signal: AbortSignal,
): Promise<boolean> {
  const key = `${id.split('/', 1)[0]} ${destination}`;
  const answers = kept.get<Readonly<Record<string, boolean>>>(answersKey, {});
  const known = answers[key];
  if (known !== undefined) return known === true;
  const send = t('Send');
  const keep = t('Playbooks Only');
  const chosen = await vscode.window.showWarningMessage(
    t('May War Room send evidence to {0}?', label),
    {
      modal: true,
      detail: t(
        'Lines of logs, and what MCP servers answer, go to {0}, with their secrets masked first. Nothing else is sent, and nothing without a diagnosis that you begin. You are asked once in this workspace; the setting warRoom.model.provider switches it off.',
        destination,
      ),
    },
    send,
    keep,
  );
  if (signal.aborted || chosen === undefined) return false;
  // Another question may have been answered meanwhile.
  const others = kept.get<Readonly<Record<string, boolean>>>(answersKey, {});
  await kept.update(answersKey, { ...others, [key]: chosen === send });
  return chosen === send;
}
