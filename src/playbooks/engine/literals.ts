/**
 * The literal substrings of which every match of a pattern contains at least one, in lower case, so
 * that a cheap search can skip the rest. Empty when the pattern promises none.
 *
 * Understands the subset that signals use: literals, classes, groups, alternation, quantifiers.
 * What can be spelt out (small alternations, optional words, small classes) is, so that literals
 * are long and rare: `(?:is|was) not set` gives `is not set` and `was not set`, not `set`.
 */
export function requiredLiterals(pattern: RegExp): readonly string[] {
  const all = new Parser(pattern.source).alternation().required ?? [];
  const literals = [...new Set(all.map((literal) => literal.slice(0, longEnough)))];
  return literals.filter(
    (literal) => !literals.some((other) => other !== literal && literal.includes(other)),
  );
}

/** Beginnings tell enough, and many share them: the automaton is a quarter of what whole literals make. */
const longEnough = 12;

/** What a part of a pattern promises. */
interface Term {
  /** Every text that it can match, where these are few. */
  exact: readonly string[] | null;
  /** Substrings of which one must occur; null when it promises none. */
  required: readonly string[] | null;
}

/** So many spellings are kept; more would cost more than they tell. */
const mostSpellings = 112;
/** Classes of more characters than this are not spelt out. */
const mostOfClass = 4;

const nothing: Term = { exact: null, required: null };
const empty: Term = { exact: [''], required: null };
const zeroWidth = new Set(['b', 'B']);

class Parser {
  private position = 0;

  constructor(private readonly source: string) {}

  /** One of several branches must match, so each has to promise something. */
  alternation(): Term {
    const branches = [this.sequence()];
    while (this.peek() === '|') {
      this.position++;
      branches.push(this.sequence());
    }
    return either(branches);
  }

  /** All terms must match, so the most telling run or group stands for the sequence. */
  private sequence(): Term {
    let best: readonly string[] | null = null;
    // The last terms that are spelt out, and all their combinations.
    let pieces: (readonly string[])[] = [];
    let run: readonly string[] = [''];
    let whole = true;
    const offer = (candidate: readonly string[] | null): void => {
      if (candidate && worth(candidate) > worth(best)) best = candidate;
    };
    while (this.position < this.source.length && !'|)'.includes(this.peek())) {
      const term = this.quantified(this.term());
      const longer = term.exact && product(run, term.exact);
      if (term.exact && longer) {
        pieces.push(term.exact);
        run = longer;
        continue;
      }
      whole = false;
      offer(run);
      offer(term.required);
      // Too many spellings: as many of the last terms as can be combined go on.
      pieces = term.exact ? latest([...pieces, term.exact]) : [];
      run = combined(pieces) ?? [''];
    }
    offer(run);
    return { exact: whole ? run : null, required: best };
  }

  private term(): Term {
    const char = this.next();
    if (char === '(') return this.group();
    if (char === '[') return this.characterClass();
    if (char === '^' || char === '$') return empty;
    if (char === '.') return nothing;
    if (char !== '\\') return spelt(char);
    const escaped = this.next();
    if (zeroWidth.has(escaped)) return empty;
    return /[a-zA-Z0-9]/.test(escaped) ? nothing : spelt(escaped);
  }

  private group(): Term {
    if (this.peek() === '?') {
      const end = this.source[this.position + 1] === ':' ? ':' : '>';
      this.position = this.source.indexOf(end, this.position) + 1;
    }
    const term = this.alternation();
    this.next();
    return term;
  }

  private characterClass(): Term {
    const start = this.position;
    while (this.peek() !== ']') this.position += this.peek() === '\\' ? 2 : 1;
    const body = this.source.slice(start, this.position);
    this.position++;
    const plain = body.replace(/\\([^a-zA-Z0-9])/g, '$1');
    const listed =
      !/^\^|\\|\w-\w/.test(body.replace(/\\[^a-zA-Z0-9]/g, '')) && plain.length <= mostOfClass;
    return listed ? either([...plain].map(spelt)) : nothing;
  }

  private quantified(term: Term): Term {
    const char = this.peek();
    if (char === '?') {
      this.position++;
      return term.exact ? either([term, empty]) : nothing;
    }
    if (char === '*') {
      this.position++;
      return nothing;
    }
    if (char === '+') {
      this.position++;
      return { exact: null, required: term.required };
    }
    if (char !== '{') return term;
    const close = this.source.indexOf('}', this.position);
    const least = Number.parseInt(this.source.slice(this.position + 1, close), 10);
    this.position = close + 1;
    return { exact: null, required: least > 0 ? term.required : null };
  }

  private peek(): string {
    return this.source[this.position] ?? '';
  }

  private next(): string {
    return this.source[this.position++] ?? '';
  }
}

/** A character for itself. Bytes are searched, so others than ASCII's promise nothing. */
function spelt(char: string): Term {
  if (!/[ -~]/.test(char)) return nothing;
  const text = char.toLowerCase();
  return { exact: [text], required: [text] };
}

function either(branches: readonly Term[]): Term {
  const exact = branches.flatMap((branch) => branch.exact ?? []);
  const required = branches.flatMap((branch) => branch.required ?? []);
  return {
    exact:
      branches.every((branch) => branch.exact) && exact.length <= mostSpellings
        ? [...new Set(exact)]
        : null,
    required: branches.every((branch) => branch.required) ? [...new Set(required)] : null,
  };
}

/** The last of the terms, as many as can be combined. */
function latest(pieces: readonly (readonly string[])[]): (readonly string[])[] {
  let from = 0;
  while (from < pieces.length - 1 && !combined(pieces.slice(from))) from++;
  return pieces.slice(from);
}

function combined(pieces: readonly (readonly string[])[]): readonly string[] | null {
  return pieces.reduce<readonly string[] | null>((run, piece) => run && product(run, piece), ['']);
}

/** Every text of the first followed by every one of the second; null when these are too many. */
function product(first: readonly string[], second: readonly string[]): readonly string[] | null {
  if (first.length * second.length > mostSpellings) return null;
  const [only] = second;
  // Nearly always it is one character, which keeps distinct texts distinct.
  if (only !== undefined && second.length === 1) return first.map((head) => head + only);
  return [...new Set(first.flatMap((head) => second.map((tail) => head + tail)))];
}

/** Found in most lines of some logs. */
const everyday = /^\W?(?:get|head|post|is|was|no|not|set|in|on|error|info) ?$/;

/** A set is as selective as its shortest member. */
function worth(literals: readonly string[] | null): number {
  const lengths = literals?.map((literal) => (everyday.test(literal) ? 1 : literal.length)) ?? [0];
  return Math.min(...lengths);
}
