import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { WarRoomError } from '../../base/errors';
import { workspaceRoots } from '../host';
import { fileSources, textSource, type Selected } from '../sources';
import { requireTrust } from '../trust';

/** What `war_room_diagnose` takes: one of the two. */
export interface DiagnoseInput {
  /** Text of the log. */
  log?: string;
  /** A file of the workspace: absolute, or relative to a root. */
  file?: string;
}

/** Checks what a model gave. @throws code `wrong-usage` */
export function diagnoseInput(given: unknown): DiagnoseInput {
  const { log, file } = typeof given === 'object' && given !== null ? (given as Untyped) : {};
  if (typeof log === 'string' && file === undefined) return { log };
  if (typeof file === 'string' && log === undefined) return { file };
  throw new WarRoomError('wrong-usage', 'Give either "log", the text, or "file", its path.');
}

interface Untyped {
  log?: unknown;
  file?: unknown;
}

/**
 * What is meant to be diagnosed. An agent may have been told by a log what to read, so it reads
 * nothing outside the workspace.
 * @throws code `untrusted-workspace`, `outside-workspace`
 */
export async function selectedOf({ log, file }: DiagnoseInput): Promise<Selected> {
  if (file === undefined) return textSource(log ?? '', 'agent');
  requireTrust();
  const found = await fileInWorkspace(file);
  if (found) return fileSources([vscode.Uri.file(found)]);
  throw new WarRoomError(
    'outside-workspace',
    `${file} is no file of this workspace, so it was not read; give the text of the log instead.`,
  );
}

/** Its real path: a link out of the workspace is outside. */
async function fileInWorkspace(file: string): Promise<string | undefined> {
  const roots = await Promise.all(workspaceRoots().map((root) => realpath(root)));
  for (const root of roots) {
    const real = await realpath(path.resolve(root, file)).catch(() => undefined);
    if (real !== undefined && roots.some((each) => real.startsWith(each + path.sep))) return real;
  }
  return undefined;
}
