/**
 * Substrings (lower case) of which at least one must occur in every text that `pattern` matches,
 * so that a cheap search can skip the rest. Empty when the pattern promises none.
 *
 * Understands the subset that signals use: literals, classes, groups, alternation, quantifiers.
 */
export function requiredLiterals(pattern: RegExp): readonly string[] {
  const parser = new Parser(pattern.source);
  return parser.alternation() ?? [];
}

/** The literals of one term, `null` when it requires none; `text` is set for a plain character. */
type Term = { text: string } | { literals: readonly string[] | null };

class Parser {
  private position = 0;

  constructor(private readonly source: string) {}

  /** One of several branches must match, so each has to promise something. */
  alternation(): readonly string[] | null {
    const branches: (readonly string[] | null)[] = [this.sequence()];
    while (this.source[this.position] === '|') {
      this.position++;
      branches.push(this.sequence());
    }
    const known = branches.filter((branch) => branch !== null);
    return known.length === branches.length ? known.flat() : null;
  }

  /** All terms must match, so the most telling run or group stands for the sequence. */
  private sequence(): readonly string[] | null {
    let best: readonly string[] | null = null;
    let run = '';
    const offer = (candidate: readonly string[] | null): void => {
      if (candidate && worth(candidate) > worth(best)) best = candidate;
    };
    while (this.position < this.source.length && !'|)'.includes(this.peek())) {
      const term = this.term();
      const optional = this.quantifier();
      if ('text' in term && optional === 'once') {
        run += term.text;
        continue;
      }
      if (run) offer([run]);
      run = '';
      if (optional === 'maybe') continue;
      if ('text' in term) {
        // Repeated character: it occurs at least once, next to nothing that is certain.
        run = '';
      } else offer(term.literals);
    }
    if (run) offer([run]);
    return best;
  }

  private term(): Term {
    const char = this.next();
    if (char === '(') return this.group();
    if (char === '[') {
      this.skipClass();
      return { literals: null };
    }
    if (char === '\\') {
      const escaped = this.next();
      return /[a-zA-Z0-9]/.test(escaped) ? { literals: null } : { text: escaped };
    }
    return '.^$'.includes(char) ? { literals: null } : { text: char.toLowerCase() };
  }

  private group(): Term {
    if (this.peek() === '?') {
      const end = this.source[this.position + 1] === ':' ? ':' : '>';
      this.position = this.source.indexOf(end, this.position) + 1;
    }
    const literals = this.alternation();
    this.next();
    return { literals };
  }

  private skipClass(): void {
    while (this.peek() !== ']') this.position += this.peek() === '\\' ? 2 : 1;
    this.position++;
  }

  private quantifier(): 'once' | 'some' | 'maybe' {
    const char = this.source[this.position];
    if (char === '?' || char === '*') {
      this.position++;
      return 'maybe';
    }
    if (char === '+') {
      this.position++;
      return 'some';
    }
    if (char !== '{') return 'once';
    const close = this.source.indexOf('}', this.position);
    const least = Number.parseInt(this.source.slice(this.position + 1, close), 10);
    this.position = close + 1;
    return least > 0 ? 'some' : 'maybe';
  }

  private peek(): string {
    return this.source[this.position] ?? '';
  }

  private next(): string {
    return this.source[this.position++] ?? '';
  }
}

/** A set is as selective as its shortest member. */
function worth(literals: readonly string[] | null): number {
  return literals ? Math.min(...literals.map((literal) => literal.length)) : 0;
}
