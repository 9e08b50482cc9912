import { randomBytes } from 'node:crypto';

import type { Citation, EvidenceLine, EvidenceText } from '../../incident/evidence';
import { templatesOf } from '../../playbooks/engine/templates';

/** A quotation shorter than this, and than its line, could stand anywhere. */
const leastQuoted = 12;
const longestLine = 600;
/** Kinds of left-out lines that are told, and the share of the room that they may take. */
const kinds = 40;
const shareOfKinds = 0.15;
/** Lines shown around one that the playbooks cite. */
const around = 5;

/**
 * The evidence as a model is shown it: masked text as it is stored, each line with its number,
 * between fences that nobody who wrote a log could know.
 */
export class ShownEvidence {
  private readonly fence = `data-${randomBytes(12).toString('hex')}`;
  private readonly texts: EvidenceText[] = [];

  /**
   * Shows a text within so many characters; lines near `cited` first, then its end, then its start.
   * Of what is left out it tells which kinds of lines there are, and how many of each.
   */
  show(text: EvidenceText, most: number, cited: readonly number[] = []): string {
    this.texts.push(text);
    const room = Math.floor(most * shareOfKinds);
    const whole = chosen(text.lines, most, cited);
    const lines =
      whole.length === text.lines.length ? whole : chosen(text.lines, most - room, cited);
    const left = text.totalLines - lines.length;
    const head = `name="E${this.texts.length}" source=${JSON.stringify(shortSource(text.source))} lines="${text.totalLines}" left-out="${left}"`;
    const shown = lines.map(({ number, text: line }) => numbered(number, line));
    return this.fenced(head, [...shown, ...kindsOfRest(text.lines, lines, room)].join('\n'));
  }

  /** Text of others between fences, without a name to cite it by. */
  fenced(head: string, text: string): string {
    return `<${this.fence} ${head}>\n${text}\n</${this.fence}>`;
  }

  /** The stored line that a quotation means, or undefined where no such line says so. */
  find({
    evidence,
    line,
    text,
  }: {
    evidence: string;
    line: number;
    text: string;
  }): Citation | undefined {
    const from = this.texts[Number(/^E(\d+)$/.exec(evidence)?.[1] ?? Number.NaN) - 1];
    const found = from?.lines.find(({ number }) => number === line);
    const quoted = text.trim();
    if (!from || !found || quoted === '') return undefined;
    const isWhole = quoted === found.text.trim();
    const isPart = quoted.length >= leastQuoted && found.text.includes(quoted);
    return isWhole || isPart ? { source: from.source, line, text: found.text } : undefined;
  }
}

function numbered(number: number, line: string): string {
  return `${number}| ${line.slice(0, longestLine)}`;
}

/** Without a number, so that nobody can cite them. */
function kindsOfRest(
  all: readonly EvidenceLine[],
  shown: readonly EvidenceLine[],
  most: number,
): readonly string[] {
  const taken = new Set(shown);
  const rest = all.filter((line) => !taken.has(line));
  if (rest.length === 0) return [];
  const told = [`(of ${rest.length} lines that are left out:)`];
  let room = most;
  for (const { count, text } of templatesOf(
    rest.map((line) => line.text),
    { most: kinds },
  )) {
    const kind = `(${count} x) ${text.slice(0, longestLine)}`;
    room -= kind.length + 1;
    if (room < 0) break;
    told.push(kind);
  }
  return told;
}

/** Where a file lies is nobody's business; what it is called may tell something. */
function shortSource(source: string): string {
  return source.startsWith('mcp:') ? source : (source.split(/[\\/]/).at(-1) ?? source);
}

function chosen(
  lines: readonly EvidenceLine[],
  most: number,
  cited: readonly number[],
): readonly EvidenceLine[] {
  const near = lines.filter(({ number }) => cited.some((at) => Math.abs(at - number) <= around));
  const half = Math.floor(lines.length / 2);
  const order = [...near, ...lines.slice(half).reverse(), ...lines.slice(0, half)];
  const taken = new Set<EvidenceLine>();
  let room = most;
  for (const line of order) {
    if (taken.has(line)) continue;
    room -= Math.min(line.text.length, longestLine) + 8;
    if (room < 0) break;
    taken.add(line);
  }
  return lines.filter((line) => taken.has(line));
}
