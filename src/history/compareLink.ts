/** A branch that is to become part of another, in the repository that a remote's address names. */
export interface Comparison {
  head: string;
  /** Null: whatever the host takes by default. */
  base: string | null;
}

interface Place {
  host: string;
  /** Path of the repository without slashes around it and without `.git`. */
  path: string;
}

/** A kind of host: by which addresses it is known, and where it opens a pull request. */
interface HostKind {
  knows: (place: Place) => boolean;
  link: (place: Place, comparison: Comparison) => string | null;
}

const encode = encodeURIComponent;
/** Slashes of a branch may stand in a path. */
const inPath = (text: string) => text.split('/').map(encode).join('/');
const query = (pairs: Record<string, string | null>) =>
  Object.entries(pairs)
    .flatMap(([name, value]) => (value === null ? [] : [`${encode(name)}=${encode(value)}`]))
    .join('&');

const hosts: readonly HostKind[] = [
  {
    knows: ({ host }) => /(?:^|\.)(?:dev\.azure|visualstudio)\.com$/.test(host),
    link: ({ host, path }, { head, base }) => {
      const repository = azureRepository(host, path);
      const given = query({ sourceRef: head, targetRef: base });
      return repository && `${repository}/pullrequestcreate?${given}`;
    },
  },
  {
    knows: ({ host }) => host === 'bitbucket.org',
    link: ({ host, path }, { head, base }) =>
      `https://${host}/${path}/pull-requests/new?${query({ source: head, dest: base })}`,
  },
  {
    // Bitbucket Data Center: /scm/KEY/name over HTTPS, /KEY/name over SSH.
    knows: ({ host }) => /bitbucket|(?:^|\.)stash\./.test(host),
    link: ({ host, path }, { head, base }) => {
      const [name, key] = path.split('/').reverse();
      if (name === undefined || key === undefined) return null;
      const given = query({ create: '', sourceBranch: head, targetBranch: base });
      return `https://${host}/projects/${encode(key)}/repos/${encode(name)}/pull-requests?${given}`;
    },
  },
  {
    knows: ({ host }) => /gitlab/.test(host),
    link: ({ host, path }, { head, base }) =>
      `https://${host}/${path}/-/merge_requests/new?${query({
        'merge_request[source_branch]': head,
        'merge_request[target_branch]': base,
      })}`,
  },
  {
    knows: ({ host }) => /github|(?:^|\.)ghe\.com$/.test(host),
    link: ({ host, path }, { head, base }) => {
      const range = base === null ? inPath(head) : `${inPath(base)}...${inPath(head)}`;
      return `https://${host}/${path}/compare/${range}?expand=1`;
    },
  },
];

/**
 * Where a pull request for a branch is opened, made from a remote's address as the hosts document
 * it (GitHub, GitLab, Bitbucket, Azure DevOps; also those of a company, by their host's name).
 * @returns null for a host that is not known
 */
export function compareLink(address: string, comparison: Comparison): string | null {
  const place = placeOf(address);
  if (!place) return null;
  return hosts.find(({ knows }) => knows(place))?.link(place, comparison) ?? null;
}

/** True for GitHub itself and GitHub Enterprise by its usual names. */
export function isGitHub(address: string): boolean {
  const place = placeOf(address);
  return place !== null && /github|(?:^|\.)ghe\.com$/.test(place.host);
}

/** `https://user:secret@host/path.git`, `ssh://git@host:22/path`, `git@host:path`. */
function placeOf(address: string): Place | null {
  const short = /^(?:[^/@:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(address);
  const long = /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(address);
  const [, host, path] = long ?? short ?? [];
  // One letter is a drive of Windows.
  if (host === undefined || path === undefined || host.length === 1) return null;
  return {
    host: host.toLowerCase(),
    path: path
      .replace(/^\/+|\/+$/g, '')
      .replace(/\.git$/, '')
      .replace(/^scm\//, ''),
  };
}

/** `v3/organisation/project/name` over SSH, `…/_git/name` over HTTPS. */
function azureRepository(host: string, path: string): string | null {
  const ssh = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (ssh) return `https://dev.azure.com/${ssh[1]}/${ssh[2]}/_git/${ssh[3]}`;
  return path.includes('_git/') ? `https://${host}/${path}` : null;
}
