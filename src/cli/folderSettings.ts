import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { isData } from '../base/data';
import type { Data } from '../base/data';
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

/**
 * `warRoom.protectedNamespaces` of the same file, as the variable that the kubectl server reads;
 * nothing where the file does not say.
 */
export function protectedNamespacesOf(workspace: string): Readonly<Record<string, string>> {
  const kept = record(settingsOf(workspace))['warRoom.protectedNamespaces'];
  if (!Array.isArray(kept)) return {};
  const names = kept.filter((name) => typeof name === 'string');
  // A comma stands for none, since an empty variable would mean the usual ones.
  return { WAR_ROOM_PROTECTED_NAMESPACES: names.join(',') || ',' };
}

function settingsOf(workspace: string): unknown {
  try {
    return parse(readFileSync(path.join(workspace, '.vscode', 'settings.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Data {
  return isData(value) ? { ...value } : {};
}
