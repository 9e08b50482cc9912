/** Characters on each side of a literal that are looked at in a long line. */
const reach = 1024;

/** Of a longer line only the surroundings of a literal are matched, so that the cost stays linear. */
export const longLine = 2 * reach;

/** Positions within so many characters behind a literal were looked at with it, so that many literals cost no more than few. */
export const lookedBehind = reach / 2;

/** The part of a line that a pattern is given which a literal, with its last character at `end`, announced. */
export function surroundings(line: string, end: number): { from: number; text: string } {
  if (line.length <= longLine) return { from: 0, text: line };
  const from = Math.max(0, end - reach);
  return { from, text: line.slice(from, end + reach) };
}
