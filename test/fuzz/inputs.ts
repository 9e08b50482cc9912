import type { Random } from '../chaos/random';
import { pieces, strange } from './pieces';

/** Lines of an input, at most; enough for every format to show several of its parts. */
const mostLines = 60;

/** One input made of recorded evidence and grammar pieces, as the bytes of a log. */
export function inputOf(random: Random, recorded: readonly string[]): Buffer {
  let lines = start(random, recorded);
  for (let count = random.below(6); count > 0; count--) lines = random.pick(changes)(lines, random);
  const text = lines.join(random.pick(['\n', '\n', '\n', '\r\n', '\r']));
  const bytes = Buffer.from(text, random.below(40) === 0 ? 'utf16le' : 'utf8');
  if (random.below(8) === 0) breakBytes(bytes, random);
  return bytes;
}

function start(random: Random, recorded: readonly string[]): string[] {
  const kind = random.below(4);
  const written = Array.from({ length: 1 + random.below(20) }, () => pieceOf(random));
  if (kind === 0 || recorded.length === 0) return written;
  const cut = excerpt(random, recorded);
  if (kind === 1) return [...written, ...cut];
  return kind === 2 ? [...cut, ...excerpt(random, recorded)] : cut;
}

function excerpt(random: Random, recorded: readonly string[]): string[] {
  const lines = (recorded[random.below(recorded.length)] ?? '').split('\n');
  const from = random.below(lines.length);
  return lines.slice(from, from + 1 + random.below(mostLines));
}

const pieceOf = (random: Random): string => random.pick(pieces)(random);

type Change = (lines: string[], random: Random) => string[];

/** Replaces one line. */
const onLine =
  (change: (line: string, random: Random) => string): Change =>
  (lines, random) =>
    lines.with(random.below(lines.length), change(lines[random.below(lines.length)] ?? '', random));

const changes: readonly [Change, ...Change[]] = [
  (lines, random) => lines.toSpliced(random.below(lines.length), 0, pieceOf(random)),
  (lines, random) => (lines.length > 1 ? lines.toSpliced(random.below(lines.length), 1) : lines),
  (lines, random) => {
    const from = random.below(lines.length);
    return lines.toSpliced(from, 0, ...lines.slice(from, from + random.below(10)));
  },
  (lines, random) => lines.toSorted(() => random.next() - 0.5),
  onLine((line, random) => line.slice(0, random.below(line.length + 1))),
  onLine((line, random) => line.slice(random.below(line.length + 1))),
  onLine((line, random) => ' '.repeat(random.below(12)) + line),
  onLine((line) => line.replace(/ /g, '\t')),
  onLine((line, random) => {
    const at = random.below(line.length + 1);
    return line.slice(0, at) + random.pick(strange)(random) + line.slice(at);
  }),
  onLine((line, random) => line.replace(/\d+/g, () => random.pick(strange)(random).slice(0, 400))),
  onLine((line, random) => {
    const from = random.below(line.length + 1);
    const part = line.slice(from, from + 1 + random.below(20));
    return line.slice(0, from) + part.repeat(1 + random.below(60)) + line.slice(from);
  }),
  onLine((line, random) =>
    JSON.stringify({ [random.pick(['log', 'msg', 'error', 'name'])]: line }),
  ),
  onLine((line, random) => `${pieceOf(random)} ${line}`),
];

function breakBytes(bytes: Buffer, random: Random): void {
  for (let count = 1 + random.below(6); count > 0 && bytes.length > 0; count--) {
    bytes[random.below(bytes.length)] = random.pick([0, 9, 13, 27, 0x80, 0xc0, 0xed, 0xff]);
  }
}
