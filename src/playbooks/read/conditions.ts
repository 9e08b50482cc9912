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
  addNested(entries, object, namespace, picture);
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

/** Of custom resources `describe` prints a list: fields in the order of the alphabet, so `Type` is last. */
function addNested(
  entries: readonly Entry[],
  object: string,
  namespace: string | null,
  picture: Picture,
): void {
  const start = entries.findIndex(({ key, indent }) => key === 'Conditions' && indent > 0);
  if (start < 0) return;
  const { indent: outer } = entries[start] ?? { indent: 0 };
  let fields: Record<string, Entry> = {};
  for (const entry of entries.slice(start + 1)) {
    if (entry.indent <= outer) return;
    fields[entry.key] = entry;
    const { Status: status, Type: type } = fields;
    if (!type) continue;
    if (status) {
      picture.conditions.push({
        object,
        namespace,
        type: type.value,
        status: status.value,
        reason: fields.Reason?.value ?? null,
        message: fields.Message?.value ?? null,
        citation: (fields.Message ?? status).citation,
      });
    }
    fields = {};
  }
}
