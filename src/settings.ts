/** What a person may set; the editor reads it from its settings, the command line takes the defaults. */
export interface Settings {
  /** Diagnoses that run at once. */
  maxRunning: number;
  /** Diagnoses that are queued or running at once; further ones wait before they are read. */
  maxOpen: number;
  /** Folder of the repository in which incidents are recorded, relative to its root. */
  examplesFolder: string;
  /** Branches that nobody commits to directly, as in the editor's `git.branchProtection`. */
  protectedBranches: readonly string[];
  /** Context of the kubeconfig that incidents belong to where the evidence does not say; or null. */
  clusterContext: string | null;
  /** Which values file is meant for an application where several could be, relative to the repository. */
  valuesFiles: Readonly<Record<string, string>>;
  /** Base address of the MCP registry; empty: it is not asked. */
  registryUrl: string;
  /** Whether the registry of an image whose tag is missing is asked which tags it has. */
  askImageRegistry: boolean;
  model: ModelSettings;
  pool: PoolSettings;
  verification: VerificationSettings;
}

/** How long a change that is live is watched; parts of a minute count. */
export interface VerificationSettings {
  /** The service must be stable for this, or for twice the former time to failure if that is longer. */
  stableMinutes: number;
  /** It may take so much longer to become stable. */
  graceMinutes: number;
  /** Between two looks. */
  intervalSeconds: number;
}

/** The language model that helps the playbooks, and what one diagnosis may spend on it. */
export interface ModelSettings {
  /** `none`: nothing is sent to any model. `editor`: one of the editor's own. */
  provider: 'none' | 'anthropic' | 'editor';
  /** Model of the Anthropic API. */
  anthropicModel: string;
  /** Address of the Anthropic API; empty: `ANTHROPIC_BASE_URL`, or the provider's own. */
  anthropicBaseUrl: string;
  /** Family or id of the editor's model; empty: the first that it offers. */
  editorModel: string;
  /** Answers of the model. */
  maxTurns: number;
  /** Tokens in and out, all turns together. */
  maxTokens: number;
  maxSeconds: number;
  /** US dollars; counts where the model's prices are known. */
  maxDollars: number;
}

export interface PoolSettings {
  /** Servers that may exist at once. */
  limit: number;
  idleTimeoutMinutes: number;
  /** From this share of memory on the oldest idle servers are stopped. */
  maxMemoryPercent: number;
  /** What all servers together should use at most. */
  memoryBudgetMiB: number;
  /** `trusted`: a program that was never run here asks; `always`: none asks; `never`: all ask. */
  autoApprove: 'trusted' | 'always' | 'never';
  /** Limits of one container. */
  containerMemoryMiB: number;
  containerCpus: number;
  /** Name of the containers' network. */
  network: string;
  /** `auto`: what comes with War Room as a process, everything else in a container. */
  runtime: 'auto' | 'process' | 'docker';
  /** Images that packages of npm and PyPI are put on. */
  nodeImage: string;
  pythonImage: string;
  /** What the images of servers may take on the engine's disk. */
  imagesMiB: number;
}

export const defaultSettings: Settings = {
  maxRunning: 3,
  maxOpen: 10,
  examplesFolder: 'examples',
  protectedBranches: [],
  clusterContext: null,
  valuesFiles: {},
  registryUrl: 'https://registry.modelcontextprotocol.io',
  askImageRegistry: false,
  model: {
    provider: 'none',
    anthropicModel: 'claude-sonnet-5-5',
    anthropicBaseUrl: '',
    editorModel: '',
    maxTurns: 8,
    maxTokens: 200_000,
    maxSeconds: 120,
    maxDollars: 0.5,
  },
  verification: { stableMinutes: 10, graceMinutes: 20, intervalSeconds: 15 },
  pool: {
    limit: 10,
    idleTimeoutMinutes: 30,
    maxMemoryPercent: 80,
    memoryBudgetMiB: 1024,
    autoApprove: 'trusted',
    containerMemoryMiB: 200,
    containerCpus: 0.5,
    network: 'war-room-network',
    runtime: 'auto',
    nodeImage: 'node:24-slim',
    pythonImage: 'python:3.13-slim',
    imagesMiB: 4096,
  },
};
