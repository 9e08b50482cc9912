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
  colour?: string;
  /** What the manifest's menus look at: `server:idle:pinned`, `holder`, … */
  context: string;
  /** The server that commands work on. */
  serverId?: string;
  /** The incident that a click opens. */
  incidentId?: string;
  failure?: FailedServer;
  children: readonly ServerNode[];
}

const icons: Readonly<Record<ServerState, { icon: string; colour?: string }>> = {
  starting: { icon: 'loading~spin' },
  idle: { icon: 'circle-outline', colour: 'charts.blue' },
  leased: { icon: 'circle-filled', colour: 'charts.green' },
  stopping: { icon: 'debug-stop' },
};

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

/** The last failure of each server that is not up again, newest first. */
export function lastFailures({ failed, servers }: PoolStatus): FailedServer[] {
  const up = new Set(servers.map(({ server }) => server));
  const last = new Map(failed.map((failure) => [failure.server, failure]));
  return [...last.values()]
    .filter(({ server }) => !up.has(server))
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
    id: `${serverId}/holder/${holder}`,
    kind: 'holder',
    context: 'holder',
    label: title,
    description: t('holds it'),
    tooltip: title === holder ? holder : `${title}\n${holder}`,
    icon: isIncidentId(holder) ? 'flame' : 'terminal',
    ...(isIncidentId(holder) ? { incidentId: holder } : {}),
    children: [],
  };
}

function noteNode(id: string, text: string): ServerNode {
  return {
    id,
    kind: 'note',
    context: 'note',
    label: text,
    description: '',
    tooltip: text,
    icon: 'info',
    children: [],
  };
}

function failedNode(failure: FailedServer, t: Translate): ServerNode {
  return {
    id: `failed/${failure.server}`,
    kind: 'failed',
    context: 'failed',
    label: failure.server,
    description: t('failed: {0}', firstLine(failure.message)),
    tooltip: failure.message,
    icon: 'error',
    colour: 'list.errorForeground',
    failure,
    children: [],
  };
}

/** Without an engine the servers that come with War Room go on; the others cannot. */
function engineNote({ engine, servers, failed }: PoolStatus, t: Translate): ServerNode[] {
  // An empty tree says it in its welcome text.
  if (engine.state !== 'unavailable' || servers.length + failed.length === 0) return [];
  return [
    {
      id: 'engine',
      kind: 'note',
      context: 'engine',
      label: t('No containers'),
      description: firstLine(engine.message),
      tooltip: engine.message,
      icon: 'warning',
      colour: 'list.warningForeground',
      children: [],
    },
  ];
}
