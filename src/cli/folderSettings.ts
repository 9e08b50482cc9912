import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import type { Settings } from '../settings';

/**
 * `warRoom.valuesFiles` of the folder's `.vscode/settings.json`, where the editor keeps what was
 * chosen; nothing where there is no such file or it cannot be read.
 */
export function valuesFilesOf(workspace: string): Settings['valuesFiles'] {
  const kept = record(record(settingsOf(workspace))['warRoom.valuesFiles']);
  return Object.fromEntries(
    Object.entries(kept).flatMap(([app, file]) => (typeof file === 'string' ? [[app, file]] : [])),
  );
}

function settingsOf(workspace: string): unknown {
  try {
    return parse(readFileSync(path.join(workspace, '.vscode', 'settings.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? { ...value } : {};
}
