import path from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../base/clock';
import type { Log } from '../base/log';
import { defaultSettings, type Settings } from '../settings';
import { languageOf, mcpFilesIn, type Host } from '../host';
import { editorModels } from './model/modelHost';
import type { ServerCredentials } from './pool/credentials';

/** The editor as the engine sees it. */
export function editorHost(
  context: vscode.ExtensionContext,
  log: Log,
  credentials: ServerCredentials,
): Host {
  return {
    clock: systemClock,
    log,
    bundles: path.join(context.extensionPath, 'dist'),
    roots: workspaceRoots,
    isTrusted: () => vscode.workspace.isTrusted,
    settings,
    environment: () => ({ ...process.env, ...serverSettings() }),
    credentials: async (server, variables) =>
      credentials.servers().includes(server) ? await credentials.values(server, variables) : {},
    models: editorModels(context),
    mcpFiles: () => mcpFilesIn(workspaceRoots()),
    language: () => languageOf(vscode.env.language),
    follows: true,
    rememberValuesFile,
    writeFile: async (file, bytes) => {
      await vscode.workspace.fs.writeFile(vscode.Uri.file(file), bytes);
    },
    isUnsaved: (file) =>
      vscode.workspace.textDocuments.some(
        ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && uri.fsPath === file,
      ),
  };
}

/** Roots of the workspace that lie on this machine, absolute. */
export function workspaceRoots(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

/** The variable that a setting of the bundled servers is given in. */
const variableOf = {
  statsUrl: 'WAR_ROOM_STATS_URL',
  prometheusUrl: 'WAR_ROOM_PROMETHEUS_URL',
  'loki.url': 'WAR_ROOM_LOKI_URL',
  'loki.tenant': 'WAR_ROOM_LOKI_TENANT',
  'loki.user': 'WAR_ROOM_LOKI_USER',
  'loki.caFile': 'WAR_ROOM_LOKI_CA_FILE',
} as const;

/** What the bundled servers take from settings; a variable of the environment stands where one is empty. */
function serverSettings(): Record<string, string | undefined> {
  const ours = vscode.workspace.getConfiguration('warRoom');
  const given = Object.entries(variableOf).map(
    ([setting, variable]) => [variable, ours.get(setting, '')] as const,
  );
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== '')),
    // A comma stands for none, since an empty variable would mean the usual ones.
    WAR_ROOM_PROTECTED_NAMESPACES: protectedNamespaces().join(',') || ',',
  };
}

/** What any folder protects is protected: an action does not belong to one of them. */
function protectedNamespaces(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const scopes = folders.length > 0 ? folders.map(({ uri }) => uri) : [undefined];
  const named = scopes.flatMap((scope) =>
    vscode.workspace
      .getConfiguration('warRoom', scope)
      .get<readonly string[]>('protectedNamespaces', ['kube-system']),
  );
  return [...new Set(named)];
}

/** What was chosen in each folder; that of an earlier one counts. */
function rememberedValuesFiles(): Settings['valuesFiles'] {
  const folders = (vscode.workspace.workspaceFolders ?? []).toReversed();
  const kept = folders.map(({ uri }) =>
    vscode.workspace
      .getConfiguration('warRoom', uri)
      .get<Settings['valuesFiles']>('valuesFiles', {}),
  );
  return Object.assign({}, ...kept) as Settings['valuesFiles'];
}

/** Into the settings of the first folder, which others of the team get with the repository. */
async function rememberValuesFile(app: string, file: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (!folder) return;
  const ours = vscode.workspace.getConfiguration('warRoom', folder.uri);
  const { workspaceFolderValue = {} } = ours.inspect<Settings['valuesFiles']>('valuesFiles') ?? {};
  const valuesFiles = { ...workspaceFolderValue, [app]: file };
  await ours.update('valuesFiles', valuesFiles, vscode.ConfigurationTarget.WorkspaceFolder);
}

function settings(): Settings {
  const ours = vscode.workspace.getConfiguration('warRoom');
  const git = vscode.workspace.getConfiguration('git');
  const { model, pool, verification } = defaultSettings;
  return {
    maxRunning: ours.get('diagnosis.maxRunning', defaultSettings.maxRunning),
    maxOpen: ours.get('diagnosis.maxOpen', defaultSettings.maxOpen),
    examplesFolder: ours.get('examplesFolder', defaultSettings.examplesFolder),
    clusterContext: ours.get('clusterContext', '') || null,
    valuesFiles: rememberedValuesFiles(),
    registryUrl: ours.get('catalogue.registryUrl', defaultSettings.registryUrl),
    askImageRegistry: ours.get('askImageRegistry', defaultSettings.askImageRegistry),
    protectedBranches: git.get<readonly string[]>('branchProtection', []),
    model: {
      provider: ours.get('model.provider', model.provider),
      anthropicModel: ours.get('model.anthropicModel', '') || model.anthropicModel,
      anthropicBaseUrl: ours.get('model.anthropicBaseUrl', model.anthropicBaseUrl),
      editorModel: ours.get('model.editorModel', model.editorModel),
      maxTurns: ours.get('model.maxTurns', model.maxTurns),
      maxTokens: ours.get('model.maxTokens', model.maxTokens),
      maxSeconds: ours.get('model.maxSeconds', model.maxSeconds),
      maxDollars: ours.get('model.maxDollars', model.maxDollars),
    },
    verification: {
      stableMinutes: ours.get('verification.stableMinutes', verification.stableMinutes),
      graceMinutes: ours.get('verification.graceMinutes', verification.graceMinutes),
      intervalSeconds: ours.get('verification.intervalSeconds', verification.intervalSeconds),
    },
    pool: {
      limit: ours.get('pool.maxConcurrentContainers', pool.limit),
      idleTimeoutMinutes: ours.get('pool.idleTimeoutMinutes', pool.idleTimeoutMinutes),
      maxMemoryPercent: ours.get('pool.maxMemoryPercent', pool.maxMemoryPercent),
      memoryBudgetMiB: ours.get('pool.memoryBudgetMiB', pool.memoryBudgetMiB),
      autoApprove: ours.get('pool.autoApprove', pool.autoApprove),
      containerMemoryMiB: ours.get('pool.containerMemoryMiB', pool.containerMemoryMiB),
      containerCpus: ours.get('pool.containerCpus', pool.containerCpus),
      network: ours.get('pool.network', pool.network),
      runtime: ours.get('pool.runtime', pool.runtime),
      nodeImage: ours.get('pool.nodeImage', pool.nodeImage),
      pythonImage: ours.get('pool.pythonImage', pool.pythonImage),
      imagesMiB: ours.get('pool.imagesMiB', pool.imagesMiB),
    },
  };
}
