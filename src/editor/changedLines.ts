/** Lines of a file's new text, from 0, both included. */
export interface LineRange {
  start: number;
  end: number;
}

/** Where a unified diff of one file changed its new text: one range for each run of lines. */
export function changedLines(diff: string): LineRange[] {
  const ranges: LineRange[] = [];
  let line = 0;
  let inHunk = false;
  for (const text of diff.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text);
    if (hunk) {
      line = Number(hunk[1]) - 1;
      inHunk = true;
    } else if (inHunk && text.startsWith('+')) {
      const last = ranges.at(-1);
      if (last && last.end === line - 1) last.end = line;
      else ranges.push({ start: line, end: line });
      line += 1;
    } else if (inHunk && text.startsWith(' ')) {
      line += 1;
    }
  }
  return ranges;
}
