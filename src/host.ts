import type { Clock } from './base/clock';
import type { Log } from './base/log';
import type { Settings } from './settings';

/** What the engine needs of its surface: the editor, or a terminal. */
export interface Host {
  clock: Clock;
  log: Log;
  /** Folder of the built bundles, absolute. */
  bundles: string;
  /** Workspace roots, absolute; the first with a repository is the incidents' home. */
  roots(): readonly string[];
  /** False: nothing of the workspace is read but what a person selects, and nothing is started. */
  isTrusted(): boolean;
  settings(): Settings;
  /** What the MCP servers may be told; each gets only the variables that it declares. */
  environment(): Readonly<Record<string, string | undefined>>;
  /** Writes bytes as they are, through the editor's file system where there is one. */
  writeFile(file: string, bytes: Uint8Array): Promise<void>;
  /** True while the editor holds changes of the file that are not saved. */
  isUnsaved(file: string): boolean;
}
