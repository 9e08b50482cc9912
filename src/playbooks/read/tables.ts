import type { Citation, EvidenceText } from '../../incident/evidence';
import {
  appOfPod,
  emptyContainer,
  type Condition,
  type Container,
  type Picture,
  type PlatformEvent,
  type Pod,
} from './picture';
import { messageEnd } from './eventMessage';
import { addSwarmTask, dockerRowOf } from './engineRows';
import { parseAge, parseAmount } from './quantity';

/** Cells of a row by the header's words. */
export type Row = Readonly<Record<string, string>>;
type ReadRow = (row: Row, citation: Citation, picture: Picture) => void;

interface Table {
  header: RegExp;
  events?: true;
  read: ReadRow;
}

/** `web` of `deployment.apps/web`. */
const bare = (name = ''): string => name.replace(/^.*\//, '');
const none = /^(?:|<none>|<unset>)$/;

/** The tables that are understood, told by their headers. */
const tables: readonly Table[] = [
  {
    header: /^(?:NAMESPACE\s+)?(?:LAST SEEN|LASTSEEN|TIME|AGE)\s.*\bREASON\b.*\bMESSAGE\b/,
    events: true,
    read: (row, citation, picture) => picture.events.push(eventOf(row, citation)),
  },
  {
    header: /^(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE/,
    read: (row, citation, picture) => picture.pods.push(podOf(row, citation)),
  },
  {
    header: /^(?:NAMESPACE\s+)?NAME\s+STATUS\s+VOLUME\s+CAPACITY/,
    read: (row, citation, picture) => {
      picture.claims.push({
        name: row.NAME ?? '',
        namespace: row.NAMESPACE ?? null,
        status: { value: row.STATUS ?? '', citation },
        storageClass: row.STORAGECLASS || null,
      });
    },
  },
  {
    header: /^(?:NAMESPACE\s+)?NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE/,
    read: (row, citation, picture) => {
      if (row.READY === '0/0') picture.idle.push({ value: bare(row.NAME), citation });
      const desired = Number(/\/(\d+)$/.exec(row.READY ?? '')?.[1] ?? Number.NaN);
      const value = { name: bare(row.NAME), desired, total: null };
      if (Number.isFinite(desired)) picture.scales.push({ value, citation });
      if (Number.parseInt(row.READY ?? '', 10) < desired) {
        picture.lacking.push({ value: bare(row.NAME), citation });
      }
    },
  },
  {
    header:
      /^(?:NAMESPACE\s+)?NAME\s+DESIRED\s+CURRENT\s+READY\s+(?:UP-TO-DATE\s+AVAILABLE\s+NODE SELECTOR\s+)?AGE/,
    read: (row, citation, picture) => {
      if (Number(row.READY) < Number(row.DESIRED)) {
        picture.lacking.push({ value: appOfPod(bare(row.NAME)), citation });
      }
    },
  },
  {
    header: /^(?:NAMESPACE\s+)?NAME\s+(?:ADDRESSTYPE\s+PORTS\s+)?ENDPOINTS\s+AGE/,
    read: (row, citation, picture) => {
      if (!none.test(row.ENDPOINTS ?? '')) return;
      const service = row.ADDRESSTYPE ? bare(row.NAME).replace(/-\w{5}$/, '') : bare(row.NAME);
      picture.unserved.push({ value: service, citation });
    },
  },
  {
    header: /^(?:NAMESPACE\s+)?NAME\s+CLASS\s+HOSTS\s+ADDRESS/,
    read: (row, citation, picture) => {
      if (none.test(row.CLASS ?? '')) return;
      picture.ingressClasses.wanted.push({ value: row.CLASS ?? '', citation });
    },
  },
  {
    header: /^NAME\s+PROVISIONER\s+RECLAIMPOLICY/,
    read: (_row, citation, picture) => {
      const name = /^([\w.-]+) \(default\)/.exec(citation.text.trim())?.[1];
      if (name) picture.defaultClasses.push({ value: name, citation });
    },
  },
  {
    header: /^NAME\s+CONTROLLER\s+PARAMETERS\s+AGE/,
    read: (row, citation, picture) =>
      picture.ingressClasses.known.push({ value: bare(row.NAME), citation }),
  },
  {
    header: /^NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION/,
    read: (row, citation, picture) => picture.conditions.push(nodeOf(row, citation)),
  },
  {
    header: /^ID\s+HOSTNAME\s+STATUS\s+AVAILABILITY/,
    read: (row, citation, picture) =>
      picture.conditions.push(nodeOf({ ...row, NAME: row.HOSTNAME ?? '' }, citation)),
  },
  {
    header: /^(?:NAMESPACE\s+)?(?:POD\s+)?NAME\s+CPU\(cores\)\s+MEMORY\(bytes\)/,
    read: (row, citation, picture) => {
      const value = parseAmount(row['MEMORY(bytes)'] ?? '');
      if (value !== null) picture.memoryUse.push({ value, citation });
      const cores = parseAmount(row['CPU(cores)'] ?? '');
      if (cores !== null && row.NAME) {
        picture.cpuUse.push({ name: row.NAME, value: cores, citation });
      }
    },
  },
  {
    header: /^CONTAINER ID\s+NAME\s+CPU %\s+MEM USAGE/,
    read: (row, citation, picture) => {
      const value = parseAmount((row['MEM USAGE / LIMIT'] ?? '').replace(/ \/.*$/, ''));
      if (value !== null) picture.memoryUse.push({ value, citation });
    },
  },
  {
    // As it is, with columns of one's own, and compose's
    header:
      /^(?:CONTAINER ID\s.{0,80}\bSTATUS\s.{0,80}\bNAMES\b|NAMES\s.{0,80}\bSTATUS\b|NAME\s+IMAGE\s+COMMAND\s+SERVICE\s.{0,40}\bSTATUS\b)/,
    read: (row, citation, picture) => picture.pods.push(dockerRowOf(row, citation)),
  },
  {
    header: /^ID\s+NAME\s+IMAGE\s+NODE\s+DESIRED STATE\s+CURRENT STATE\s+ERROR/,
    events: true,
    read: addSwarmTask,
  },
];

/** The kind of table whose header this line is. */
export function tableAt(line: string): Table | undefined {
  return /^[A-Z]/.test(line) ? tables.find((table) => table.header.test(line)) : undefined;
}

/** Reads one row by the header that its table has; nothing where no table has that header. */
export function readRow(header: string, row: Row, citation: Citation, picture: Picture): void {
  tableAt(header)?.read(row, citation, picture);
}

/** Reads the rows below a header. Returns the index behind the last row. */
export function readTable(
  table: Table,
  text: EvidenceText,
  headerIndex: number,
  picture: Picture,
): number {
  const columns = columnsOf(text.lines[headerIndex]?.text ?? '');
  let index = headerIndex + 1;
  for (; index < text.lines.length; index++) {
    const line = text.lines[index];
    if (!line || line.text.trim() === '' || /^(?:[$#>]|---|===|\{)/.test(line.text)) break;
    // What is indented below a header that is not belongs to something else.
    if (columns[0]?.start === 0 && /^\s/.test(line.text)) break;
    if (tableAt(line.text) || /^\d{4}-\d\d-\d\dT/.test(line.text)) break;
    const cells = cellsOf(line.text, columns);
    if (!cells) break;
    table.read(cells, { source: text.source, line: line.number, text: line.text }, picture);
    if (table.events) index = messageEnd(text, index) - 1;
  }
  return index;
}

/** A column of a table, and where its cells begin. */
export interface Column {
  name: string;
  start: number;
}

export function columnsOf(header: string): Column[] {
  return [...header.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    name: match[0],
    start: match.index,
  }));
}

/** Cells by column position; by runs of blanks where the row is not aligned. Null: not a row. */
export function cellsOf(row: string, columns: readonly Column[]): Row | null {
  const aligned = columns.every(
    ({ start }) => start === 0 || start >= row.length || /\s/.test(row[start - 1] ?? ' '),
  );
  if (aligned) {
    return Object.fromEntries(
      columns.map(({ name, start }, at) => [
        name,
        row.slice(start, columns[at + 1]?.start ?? row.length).trim(),
      ]),
    );
  }
  const parts = row.trim().split(/\s{2,}/);
  if (parts.length < columns.length - 1 || parts.length < 3) return null;
  return Object.fromEntries(
    columns.map(({ name }, at) => [
      name,
      at === columns.length - 1 ? parts.slice(at).join('  ') : (parts[at] ?? ''),
    ]),
  );
}

function eventOf(row: Row, citation: Citation): PlatformEvent {
  const object =
    row.OBJECT ?? (row.KIND && row.NAME ? `${row.KIND}/${row.NAME}` : (row.NAME ?? null));
  const seen = row['LAST SEEN'] ?? row.LASTSEEN ?? row.AGE ?? row.TIME ?? '';
  const count = Number(row.COUNT ?? /\(x(\d+) over/.exec(seen)?.[1] ?? 1);
  return {
    type: row.TYPE || null,
    reason: row.REASON ?? '',
    object: object ? object.replace(/^[A-Za-z]+(?=\/)/, (kind) => kind.toLowerCase()) : null,
    namespace: row.NAMESPACE ?? null,
    message: row.MESSAGE ?? '',
    age: parseAge(seen.replace(/ \(.*$/, '')),
    count: Number.isFinite(count) ? count : 1,
    citation,
    over: false,
  };
}

function podOf(row: Row, citation: Citation): Pod {
  const name = row.NAME ?? '';
  const [ready, wanted] = (row.READY ?? '').split('/').map(Number);
  const status = row.STATUS ?? '';
  const restarts = /^(\d+)(?: \(([^ )]+) ago\))?/.exec(row.RESTARTS ?? '');
  const done = status === 'Completed' || status === 'Succeeded';
  const container: Container = {
    ...emptyContainer(appOfPod(name)),
    restarts: restarts ? { value: Number(restarts[1]), citation } : null,
    restartedAgo: parseAge(restarts?.[2] ?? ''),
    // The table names the reason of the state, waiting or terminated, in place of the phase.
    state:
      status === 'OOMKilled' || status === 'Error' || status === 'ContainerCannotRun'
        ? {
            kind: 'terminated',
            reason: { value: status, citation },
            message: null,
            exitCode: null,
            startedAt: null,
            finishedAt: null,
          }
        : null,
  };
  return {
    name,
    namespace: row.NAMESPACE ?? null,
    app: appOfPod(name),
    node: row.NODE && row.NODE !== '<none>' ? row.NODE : null,
    status: { value: status, citation },
    ready: done ? null : { value: ready === wanted, citation },
    containers: [container],
    citation,
  };
}

/** `Ready,SchedulingDisabled` is ready, `NotReady` is not. */
function nodeOf(row: Row, citation: Citation): Condition {
  return {
    object: `node/${row.NAME ?? ''}`,
    namespace: null,
    type: 'Ready',
    status: /^Ready\b/.test(row.STATUS ?? '') ? 'True' : 'False',
    reason: null,
    message: null,
    citation,
  };
}
