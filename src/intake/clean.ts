const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
const range = (from: number, to: number) =>
  `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;

/** CSI, OSC, other string sequences, two-byte escapes; each bounded, so a hostile line costs no more. */
const TERMINAL_SEQUENCES = new RegExp(
  [
    `${ESC}\\[[0-?]{0,64}[ -/]{0,8}[@-~]`,
    `${ESC}\\][^${BELL}${ESC}]{0,2048}(?:${BELL}|${ESC}\\\\)`,
    `${ESC}[PX^_][^${ESC}]{0,2048}${ESC}\\\\`,
    `${ESC}[ -/]{0,8}[0-~]?`,
    // How syslog and JSON write the escape character.
    String.raw`(?:#033|\\u001[bB]|\\x1[bB])\[[0-9;]{0,32}m`,
  ].join('|'),
  'g',
);
const CONTROLS = new RegExp(`[${range(0, 8)}${range(11, 31)}${range(127, 159)}\uFEFF]`, 'g');
const SUSPECT = new RegExp(
  `[${range(0, 8)}${range(11, 31)}${range(127, 159)}\uFEFF]|#033|\\\\[ux]`,
);

/** One line without line end, terminal colours and control characters. A lone CR becomes a space. */
export function cleanLine(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!SUSPECT.test(text)) return text;
  return text.replace(TERMINAL_SEQUENCES, '').replace(/\r/g, ' ').replace(CONTROLS, '');
}

/** Longer lines are cut. */
export const LONGEST_LINE = 16 * 1024;
const HEAD = 8 * 1024;
const AROUND = 2 * 1024;
const TAIL = 4 * 1024;

/**
 * A line of at most about {@link LONGEST_LINE} characters: start, end and what stands around
 * `focus`, with a mark where something was cut. Cuts fall between words, and the first words
 * after one go too, so that half a secret, or one without its name, does not stay.
 */
export function boundLine(line: string, focus: number | null): string {
  if (line.length <= LONGEST_LINE) return line;
  const pieces = [{ from: 0, to: HEAD }];
  if (focus !== null && focus > HEAD - AROUND / 2 && focus < line.length - TAIL)
    pieces.push({ from: Math.max(HEAD, focus - AROUND), to: focus + AROUND });
  const last = pieces[pieces.length - 1]?.to ?? 0;
  pieces.push({ from: Math.max(last, line.length - TAIL), to: line.length });
  return joinPieces(
    pieces.map(({ from, to }) => ({ from, text: line.slice(from, to) })),
    line.length,
  );
}

/** Puts a line together of which only pieces were kept. `from` counts in the whole line. */
export function joinPieces(
  pieces: readonly { from: number; text: string }[],
  length: number,
): string {
  let result = '';
  let end = 0;
  for (const piece of pieces) {
    const isFirst = piece.from === 0;
    const isLast = piece.from + piece.text.length >= length;
    const start = isFirst || piece.from === end ? 0 : afterWords(piece.text);
    const stop = isLast ? piece.text.length : beforeWord(piece.text);
    if (start >= stop) continue;
    const gap = piece.from + start - end;
    if (gap > 0) result += cutMark(gap);
    result += piece.text.slice(start, stop);
    end = piece.from + stop;
  }
  return end < length ? result + cutMark(length - end) : result;
}

const cutMark = (characters: number) => ` [... ${characters} characters cut ...] `;

/** How far a word may reach into a piece; a longer run without a space is cut where it is. */
const WORD = 1024;

function afterWords(text: string): number {
  let at = 0;
  for (let words = 0; words < 3; words++) {
    const next = text.slice(at, at + WORD).search(/[\s"',;&]/);
    if (next < 0) break;
    at += next + 1;
  }
  return at;
}

function beforeWord(text: string): number {
  const tail = text.slice(-WORD);
  const back = /[\s"',;&][^\s"',;&]*$/.exec(tail);
  return back ? text.length - tail.length + back.index : text.length;
}
