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
  pool: {
    /** Servers that may exist at once. */
    limit: number;
    idleTimeoutMinutes: number;
  };
}

export const defaultSettings: Settings = {
  maxRunning: 3,
  maxOpen: 10,
  examplesFolder: 'examples',
  protectedBranches: [],
  clusterContext: null,
  pool: { limit: 10, idleTimeoutMinutes: 30 },
};
