import type { Citation, EvidenceText } from '../../incident/evidence';
import type { Picture } from './picture';

/** Messages that wait for one group or queue, as a table of the broker's own tools shows. */
export interface Backlog {
  /** Consumer group, where the table is of groups. */
  group: string | null;
  /** Topic or queue. */
  topic: string;
  waiting: number;
  /** False where nobody takes messages; null where the table does not say. */
  consumed: boolean | null;
  citation: Citation;
}

const separator = /\s{0,80}\|\s*|\t|\s{2,}/;
const topicNames = /^(?:topic|name|queue|stream)$/i;
const waitingNames =
  /^(?:lag|messages_ready|messages|ready|unprocessed|pending|num pending|backlog|msgs)$/i;

/**
 * Reads the tables of `kafka-consumer-groups`, `rabbitmqctl list_queues` and their like: a header
 * that names a topic or queue and what waits there, and the rows below it.
 */
export function readQueues(text: EvidenceText, picture: Picture): void {
  let header: readonly string[] = [];
  for (const { number, text: row } of text.lines) {
    if (row.length > 1000) continue;
    const columns = headerIn(row);
    if (columns) header = columns;
    else if (header.length > 0) {
      const cells = cellsOf(row, header.length);
      const backlog = backlogOf(header, cells, { source: text.source, line: number, text: row });
      if (backlog) picture.backlogs.push(backlog);
      else if (row.trim() !== '' && cells.length < header.length - 1) header = [];
    }
  }
}

function headerIn(row: string): readonly string[] | null {
  if (!/lag|ready|messages|pending|unprocessed|backlog|msgs/i.test(row)) return null;
  const columns = cellsOf(row).flatMap((cell) =>
    /^[A-Z -]+$/.test(cell) ? cell.split(' ') : cell,
  );
  const known =
    columns.some((it) => topicNames.test(it)) && columns.some((it) => waitingNames.test(it));
  return known ? columns : null;
}

/** Cells of one row; a long value may leave only one blank before the next. */
function cellsOf(row: string, expected = 0): readonly string[] {
  const bare = row
    .trim()
    .replace(/^\||\|$/g, '')
    .trim();
  const words = bare.split(/\s+/);
  const cells = bare.split(separator);
  return cells.length === 1 || words.length === expected ? words : cells;
}

function backlogOf(
  header: readonly string[],
  cells: readonly string[],
  citation: Citation,
): Backlog | null {
  const at = (names: RegExp): string | null => {
    const index = header.findIndex((name) => names.test(name));
    return index < 0 ? null : (cells[index] ?? null);
  };
  const topic = at(topicNames);
  const waiting = at(waitingNames)?.replaceAll(',', '') ?? '';
  if (topic === null || !/^\d+$/.test(waiting)) return null;
  const consumers = at(/^(?:consumers|consumer-id)$/i);
  return {
    group: at(/^group$/i),
    topic,
    waiting: Number(waiting),
    consumed: consumers === null ? null : !/^(?:0|-)$/.test(consumers),
    citation,
  };
}
