import type { Citation } from '../../incident/evidence';
import type { Picture } from './picture';
import { readRow } from './tables';

const age = String.raw`(?:\d+[smhdwy])+`;
const shown = String.raw`(?:<unknown>|<invalid>|${age})(?: \(x\d+ over ${age}\))?`;
const name = String.raw`[a-z0-9][a-z0-9.-]*[a-z0-9]`;

/** A row that says by itself of which table it is, and the columns of its groups. */
interface BareRow {
  row: RegExp;
  header: string;
  events?: true;
}

const rows: readonly BareRow[] = [
  {
    row: new RegExp(
      String.raw`^(?:(?<NAMESPACE>${name})\s+)?(?<NAME>${name})\s+(?<READY>\d+\/\d+)\s+(?<STATUS>[A-Z][\w:/-]+)\s+(?<RESTARTS>\d+(?: \(${age} ago\))?)\s+${age}(?:\s|$)`,
    ),
    header: 'NAME READY STATUS RESTARTS AGE',
  },
  {
    row: new RegExp(
      String.raw`^(?:(?<NAMESPACE>${name})\s+)?(?<SEEN>${shown})\s+(?<TYPE>Normal|Warning)\s+(?<REASON>[A-Z]\w+)\s+(?<OBJECT>[A-Za-z.]+\/${name})\s+(?<MESSAGE>\S.*)$`,
    ),
    header: 'LAST SEEN TYPE REASON OBJECT MESSAGE',
    events: true,
  },
  {
    row: new RegExp(
      String.raw`^\s*(?<TYPE>Normal|Warning)\s+(?<REASON>[A-Z]\w+)\s+(?<SEEN>${shown})\s+(?<FROM>[a-z][\w.-]*(?:, \S+)?)\s+(?<MESSAGE>\S.*)$`,
    ),
    header: 'LAST SEEN TYPE REASON OBJECT MESSAGE',
    events: true,
  },
];

/**
 * Adds a row of pods or events that was copied without its header, as people paste them. Says
 * whether it is an event; null for any other line.
 */
export function readBareRow(
  line: string,
  citation: Citation,
  picture: Picture,
): { event: boolean } | null {
  if (!/^\s*(?:Normal|Warning)\s|^[a-z0-9<][\w.<>-]*\s+\S+\s/.test(line)) return null;
  for (const { row, header, events = false } of rows) {
    const groups = row.exec(line)?.groups;
    if (!groups) continue;
    const { SEEN, ...cells } = groups;
    readRow(
      header,
      SEEN === undefined ? cells : { ...cells, 'LAST SEEN': SEEN },
      citation,
      picture,
    );
    return { event: events };
  }
  return null;
}
