import type { FailedServer, PoolStatus, ServerState, ServerStatus } from '../../pool/status';
import { firstLine, serverFacts, type Translate } from './texts';

/** What the tree of servers shows, free of the editor's classes. Ids are stable over refreshes. */
export interface ServerNode {
  id: string;
  kind: 'server' | 'holder' | 'note' | 'failed';
  label: string;
  description: string;
  tooltip: string;
  /** Codicon. */
  icon: string;
  /** Theme colour of the icon, where it has a meaning. */
  colour: string | null;
  /** What the manifest's menus look at: `server:idle:pinned`, `holder`, … */
  context: string;
  /** The server that commands work on. */
  serverId: string | null;
  /** The incident that a click opens. */
  incidentId: string | null;
  failure: FailedServer | null;
  children: readonly ServerNode[];
}

const icons: Readonly<Record<ServerState, { icon: string; colour: string | null }>> = {
  starting: { icon: 'loading~spin', colour: null },
  idle: { icon: 'circle-outline', colour: 'charts.blue' },
  leased: { icon: 'circle-filled', colour: 'charts.green' },
  stopping: { icon: 'debug-stop', colour: null },
};

/** What most nodes are not. */
const plain = { colour: null, serverId: null, incidentId: null, failure: null, children: [] };

/**
 * The servers of the pool, then what did not start or died and is not up again.
 * @param titles of incidents by their id, as far as they are known
 */
export function serverNodes(
  status: PoolStatus,
  titles: ReadonlyMap<string, string>,
  t: Translate,
): ServerNode[] {
  return [
    ...status.servers.map((server) => serverNode(server, titles, t)),
    ...lastFailures(status).map((failure) => failedNode(failure, t)),
    ...engineNote(status, t),
  ];
}

/**
 * Brings what is shown up to date, keeping each node the same object.
 * @returns the nodes, those with another word in them or beneath them, and whether some came or
 *   went or changed places
 */
export function mergeNodes(
  shown: readonly ServerNode[],
  fresh: readonly ServerNode[],
): { nodes: readonly ServerNode[]; changed: readonly ServerNode[]; isOther: boolean } {
  const changed: ServerNode[] = [];
  const nodes = fresh.map((node) => {
    const before = shown.find(({ id }) => id === node.id);
    if (!before) return node;
    const { nodes: children } = mergeNodes(before.children, node.children);
    const text = JSON.stringify(before);
    Object.assign(before, node, { children });
    if (JSON.stringify(before) !== text) changed.push(before);
    return before;
  });
  const isOther =
    nodes.length !== shown.length || nodes.some(({ id }, index) => id !== shown[index]?.id);
  return { nodes, changed, isOther };
}

/** The last failure of each server that has not started again since, newest first. */
export function lastFailures({ failed, servers, history }: PoolStatus): FailedServer[] {
  const up = new Set(servers.map(({ server }) => server));
  const started = new Map(
    history.filter(({ kind }) => kind === 'started').map(({ server, at }) => [server, at]),
  );
  const last = new Map(failed.map((failure) => [failure.server, failure]));
  return [...last.values()]
    .filter(({ server, at }) => !up.has(server) && at > (started.get(server) ?? ''))
    .sort((a, b) => b.at.localeCompare(a.at));
}

/** Who holds a server is an incident's id or the name of a command. */
export function isIncidentId(holder: string): boolean {
  return holder.startsWith('incident-');
}

function serverNode(
  server: ServerStatus,
  titles: ReadonlyMap<string, string>,
  t: Translate,
): ServerNode {
  const { id, state, pinned } = server;
  const facts = serverFacts(server, t);
  return {
    ...plain,
    id,
    kind: 'server',
    context: `server:${state}:${pinned ? 'pinned' : 'unpinned'}`,
    serverId: id,
    label: server.server,
    description: facts.join(' · '),
    tooltip: [
      server.server,
      ...(server.name ? [t('{0} ({1})', server.name, server.runtime)] : [server.runtime]),
      ...facts,
    ].join('\n'),
    ...icons[state],
    children: [
      ...server.holders.map((holder) => holderNode(id, holder, titles, t)),
      ...server.notApplied.map((limit, index) => noteNode(`${id}/limit/${index}`, limit)),
    ],
  };
}

function holderNode(
  serverId: string,
  holder: string,
  titles: ReadonlyMap<string, string>,
  t: Translate,
): ServerNode {
  const title = titles.get(holder) ?? holder;
  return {
    ...plain,
    id: `${serverId}/holder/${holder}`,
    kind: 'holder',
    context: 'holder',
    label: title,
    description: t('holds it'),
    tooltip: title === holder ? holder : `${title}\n${holder}`,
    icon: isIncidentId(holder) ? 'flame' : 'terminal',
    incidentId: isIncidentId(holder) ? holder : null,
  };
}

function noteNode(id: string, text: string): ServerNode {
  return {
    ...plain,
    id,
    kind: 'note',
    context: 'note',
    label: text,
    description: '',
    tooltip: text,
    icon: 'info',
  };
}

function failedNode(failure: FailedServer, t: Translate): ServerNode {
  return {
    ...plain,
    id: `failed/${failure.server}`,
    kind: 'failed',
    context: 'failed',
    label: failure.server,
    description: t('failed: {0}', firstLine(failure.message)),
    tooltip: failure.message,
    icon: 'error',
    colour: 'list.errorForeground',
    failure,
  };
}

/** Without an engine the servers that come with War Room go on; the others cannot. */
function engineNote({ engine, servers, failed }: PoolStatus, t: Translate): ServerNode[] {
  // An empty tree says it in its welcome text.
  if (engine.state !== 'unavailable' || servers.length + failed.length === 0) return [];
  return [
    {
      ...plain,
      id: 'engine',
      kind: 'note',
      context: 'engine',
      label: t('No containers'),
      description: firstLine(engine.message),
      tooltip: engine.message,
      icon: 'warning',
      colour: 'list.warningForeground',
    },
  ];
}
