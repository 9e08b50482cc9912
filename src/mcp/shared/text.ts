/** Most bytes of text in one answer. */
export const mostTextBytes = 64 * 1024;

/** What a log may take, so that a sentence before it still fits. */
export const mostLogBytes = mostTextBytes - 4096;
/** A line of a text that is too long is cut here, so that one line cannot push out all others. */
const mostLineLength = 8192;

/** Text that fits an answer. */
export interface BoundedText {
  text: string;
  /** Lines that were left out. */
  cutLines: number;
}

/**
 * Cuts whole lines until the text fits, and says in their place how many were left out.
 * @param keep `tail` for logs, whose end matters; `head` for everything else
 */
export function bound(text: string, keep: 'head' | 'tail', most = mostTextBytes): BoundedText {
  if (Buffer.byteLength(text) <= most) return { text, cutLines: 0 };
  const lines = text.split('\n').map(cutLine);
  const order = keep === 'tail' ? [...lines].reverse() : lines;
  // Room for the sentence that tells of the cut.
  const kept = takeWithin(order, most - 200);
  const cutLines = lines.length - kept.length;
  if (cutLines === 0) return { text: lines.join('\n'), cutLines };
  const note = `[${cutLines} ${keep === 'tail' ? 'earlier' : 'further'} lines left out: the answer would exceed ${most / 1024} KiB]`;
  return keep === 'tail'
    ? { text: [note, ...kept.reverse()].join('\n'), cutLines }
    : { text: [...kept, note].join('\n'), cutLines };
}

function cutLine(line: string): string {
  const left = line.length - mostLineLength;
  return left > 0 ? `${line.slice(0, mostLineLength)} [${left} more characters]` : line;
}

function takeWithin(lines: readonly string[], most: number): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines) {
    size += Buffer.byteLength(line) + 1;
    if (size > most) break;
    kept.push(line);
  }
  return kept;
}

/** Columns padded to the widest cell, as kubectl prints a table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
