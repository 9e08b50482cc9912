import { sectionOf, type Entry } from './entries';
import type { Picture } from './picture';
import { cellsOf, columnsOf } from './tables';

/** Adds the table of conditions of a described object. */
export function addConditions(
  entries: readonly Entry[],
  object: string,
  namespace: string | null,
  picture: Picture,
): void {
  const [header, , ...rows] = sectionOf(entries, 'Conditions');
  if (!header || !/^\s+Type\s+Status\b/.test(header.citation.text)) return;
  const columns = columnsOf(header.citation.text);
  for (const { citation } of rows) {
    const row = cellsOf(citation.text, columns);
    if (!row?.Type || !row.Status) continue;
    picture.conditions.push({
      object,
      namespace,
      type: row.Type,
      status: row.Status,
      reason: row.Reason || null,
      message: row.Message || null,
      citation,
    });
  }
}
