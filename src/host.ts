import path from 'node:path';
import type { Clock } from './base/clock';
import type { Log } from './base/log';
import type { ChatModel } from './diagnosis/analysts/model';
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
  /** What the person gave for these variables of a server and the surface keeps in secret. */
  credentials(
    server: string,
    variables: readonly string[],
  ): Promise<Readonly<Record<string, string>>>;
  models: ModelHost;
  /** The person's `mcp.json` files, absolute; those of the workspace first. */
  mcpFiles(): readonly string[];
  /** Language of what is logged about servers. */
  language(): 'en' | 'ko';
  /** True for a window, which shows the pool also before it leases from it. */
  follows: boolean;
  /** Keeps a person's choice of values file for the next incident of the application. */
  rememberValuesFile(app: string, file: string): Promise<void>;
  /** Writes bytes as they are, through the editor's file system where there is one. */
  writeFile(file: string, bytes: Uint8Array): Promise<void>;
  /** True while the editor holds changes of the file that are not saved. */
  isUnsaved(file: string): boolean;
}

/** What a surface knows of language models. */
export interface ModelHost {
  /** Key of the Anthropic API, from the surface's secret storage or the environment; else undefined. */
  anthropicKey(): Promise<string | undefined>;
  /**
   * The editor's own model that the settings mean; null where there is none.
   * @throws code `model-denied`
   */
  editorModel(signal: AbortSignal): Promise<ChatModel | null>;
  /**
   * Tells the person, once for each model and destination, what is sent where; false when they do
   * not want it. Called before anything is sent.
   */
  mayAsk(
    model: Pick<ChatModel, 'id' | 'label' | 'destination'>,
    signal: AbortSignal,
  ): Promise<boolean>;
}

/** A surface without a language model. */
export const noModels: ModelHost = {
  anthropicKey: () => Promise.resolve(undefined),
  editorModel: () => Promise.resolve(null),
  mayAsk: () => Promise.resolve(false),
};

/** The `mcp.json` files of workspace roots. */
export function mcpFilesIn(roots: readonly string[]): string[] {
  return roots.flatMap((root) => [
    path.join(root, '.vscode', 'mcp.json'),
    path.join(root, '.mcp.json'),
  ]);
}

/** A language that War Room has texts in, for a locale such as `ko-KR`. */
export function languageOf(locale: string): 'en' | 'ko' {
  return /^ko\b|^ko_/i.test(locale) ? 'ko' : 'en';
}
