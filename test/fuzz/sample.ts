/** What a part of a pattern matches, at its shortest, and which parts of that may repeat. */
interface Piece {
  text: string;
  /** Text before, and text that may stand there any number of times. */
  pumps: readonly { before: string; body: string }[];
}

/** Texts that start like a match: each alternative of the pattern, and what it may repeat. */
export interface Sample {
  text: string;
  pumps: readonly { before: string; body: string }[];
}

/** Repeats of at least so many are worth pumping. */
const manyTimes = 32;
const fillers = ['a', 'A', '1', ' ', '.', '-', '_', '/', ':', '"', '=', '<', ';', '\u00e9'];

/** A short text for each top-level alternative of a pattern. */
export function samplesOf(regex: RegExp): Sample[] {
  return new Reader(regex.source).alternatives();
}

/** Reads as much of the syntax as patterns use; assertions match nothing here. */
class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  alternatives(): Piece[] {
    const all = [this.sequence()];
    while (this.take('|')) all.push(this.sequence());
    return all;
  }

  private sequence(): Piece {
    let text = '';
    const pumps: { before: string; body: string }[] = [];
    while (this.at < this.source.length && !/[|)]/.test(this.source[this.at] ?? '')) {
      const atom = this.atom();
      const { least, most } = this.quantifier();
      for (const pump of atom.pumps) pumps.push({ before: text + pump.before, body: pump.body });
      if (most >= manyTimes && atom.text !== '') pumps.push({ before: text, body: atom.text });
      text += atom.text.repeat(Math.min(Math.max(least, most > 0 ? 1 : 0), 64));
    }
    return { text, pumps };
  }

  private atom(): Piece {
    const char = this.source[this.at++] ?? '';
    if (char === '(') return this.group();
    if (char === '[') return plain(this.oneOf(this.classSource()));
    if (char === '\\') return plain(this.escape());
    if (char === '^' || char === '$') return plain('');
    return plain(char === '.' ? 'a' : char);
  }

  private group(): Piece {
    const looks = /^\?<?[=!]/.test(this.source.slice(this.at));
    const head = /^\?(?::|<?[=!]|<\w+>)/.exec(this.source.slice(this.at));
    this.at += head?.[0].length ?? 0;
    const all = this.alternatives();
    this.take(')');
    const [first = plain('')] = all;
    return looks ? plain('') : { text: first.text, pumps: all.flatMap(({ pumps }) => pumps) };
  }

  private classSource(): string {
    const from = this.at - 1;
    while (this.at < this.source.length && this.source[this.at] !== ']') {
      this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    this.at++;
    return this.source.slice(from, this.at);
  }

  private escape(): string {
    const code = /^(?:x[0-9a-f]{2}|u[0-9a-f]{4}|k<\w+>|.)/i.exec(this.source.slice(this.at))?.[0];
    this.at += code?.length ?? 0;
    if (!code || /^(?:[bBk]|[1-9])/.test(code)) return '';
    return this.oneOf(`\\${code}`);
  }

  /** The first usual character that a class or an escape matches. */
  private oneOf(source: string): string {
    const one = new RegExp(`^${source}$`);
    const known = [...fillers, '\n', '\t', '\r'].find((char) => one.test(char));
    if (known !== undefined) return known;
    for (let code = 33; code < 256; code++) {
      if (one.test(String.fromCharCode(code))) return String.fromCharCode(code);
    }
    return '';
  }

  private quantifier(): { least: number; most: number } {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at));
    if (!match) return { least: 1, most: 1 };
    this.at += match[0].length;
    const sign = match[0][0];
    if (sign === '*') return { least: 0, most: Infinity };
    if (sign === '+') return { least: 1, most: Infinity };
    if (sign === '?') return { least: 0, most: 1 };
    const least = Number(match[1]);
    return { least, most: match[2] ? Number(match[3] || Infinity) : least };
  }

  private take(char: string): boolean {
    if (this.source[this.at] !== char) return false;
    this.at++;
    return true;
  }
}

const plain = (text: string): Piece => ({ text, pumps: [] });
