import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../base/clock';
import { WarRoomError } from '../base/errors';
import type { Log } from '../base/log';
import { defaultSettings, type ModelSettings } from '../settings';
import { protectedNamespacesOf, valuesFilesOf } from './folderSettings';
import { languageOf, mcpFilesIn, noModels, type Host, type ModelHost } from '../host';

/** @throws code `wrong-usage` when the workspace is no folder */
export async function requireFolder(workspace: string): Promise<void> {
  const found = await stat(workspace).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new WarRoomError(
    'wrong-usage',
    `The workspace ${workspace} is no folder that can be read. Nothing was done; name another with --workspace.`,
  );
}

/**
 * A terminal as the engine sees it; `workspace` is where the values files are looked for.
 * @param variables what servers may be told besides the environment
 */
export function terminalHost(
  workspace: string,
  verbose: boolean,
  variables: Readonly<Record<string, string>> = {},
  provider: ModelSettings['provider'] = 'none',
): Host {
  return {
    clock: systemClock,
    log: errorStreamLog(verbose),
    // The command is dist/cli.js, so its bundles lie beside it.
    bundles: __dirname,
    roots: () => [path.resolve(workspace)],
    isTrusted: () => true,
    settings: () => ({
      ...defaultSettings,
      valuesFiles: valuesFilesOf(workspace),
      askImageRegistry: process.env['WAR_ROOM_ASK_IMAGE_REGISTRY'] === 'true',
      model: {
        ...defaultSettings.model,
        provider,
        anthropicModel: process.env['ANTHROPIC_MODEL'] || defaultSettings.model.anthropicModel,
      },
    }),
    environment: () => ({ ...protectedNamespacesOf(workspace), ...process.env, ...variables }),
    credentials: () => Promise.resolve({}),
    models: terminalModels,
    mcpFiles: () => mcpFilesIn([path.resolve(workspace)]),
    language: terminalLanguage,
    follows: false,
    rememberValuesFile: () => Promise.resolve(),
    writeFile,
    isUnsaved: () => false,
  };
}

/** The key is the environment's, and what is sent where is told on standard error. */
const terminalModels: ModelHost = {
  ...noModels,
  anthropicKey: () => Promise.resolve(process.env['ANTHROPIC_API_KEY'] || undefined),
  mayAsk: ({ label, destination }) => {
    process.stderr.write(
      `The masked evidence of this incident is sent to ${destination} (${label}); see docs/models.md.\n`,
    );
    return Promise.resolve(true);
  },
};

/** As the terminal's locale says. */
export function terminalLanguage(): 'en' | 'ko' {
  return languageOf(process.env['LC_ALL'] || process.env['LANG'] || '');
}

/** Warnings and errors always, the rest when asked for; standard output is for results alone. */
function errorStreamLog(verbose: boolean): Log {
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const sayIfVerbose = (message: string) => {
    if (verbose) say(message);
  };
  return { debug: sayIfVerbose, info: sayIfVerbose, warn: sayIfVerbose, error: sayIfVerbose };
}
