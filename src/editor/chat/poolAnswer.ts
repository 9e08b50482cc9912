import * as vscode from 'vscode';
import { languageOf } from '../../host';
import { plain } from '../../incident/markdown';
import type { PoolStatus } from '../../pool/status';
import { statusText } from '../../pool/statusText';
import { commandIds } from '../commandIds';
import { translate as t } from '../translate';

/** Writes how the pool of MCP servers stands. */
export function writePool(response: vscode.ChatResponseStream, status: PoolStatus | null): void {
  response.markdown(
    status
      ? asList(statusText(status, languageOf(vscode.env.language)))
      : t('No MCP server runs; they are started when an incident needs them.'),
  );
  response.button({ command: commandIds.showPoolMonitor, title: t('Show Pool Monitor') });
  response.button({ command: commandIds.openPoolSettings, title: t('Open Pool Settings') });
}

/** Indented lines as lists in lists: a chat is narrow, and wraps a list but no block of code. */
function asList(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${' '.repeat(line.length - line.trimStart().length)}- ${plain(line.trim())}`)
    .join('\n');
}
