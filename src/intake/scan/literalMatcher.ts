/**
 * Finds every one of many ASCII literals, ignoring case, in one pass: an Aho-Corasick automaton
 * as a dense table over byte classes. A state is the offset of its row in `next`, and states that
 * end a literal or a line come last, so that the loop over the bytes is one look-up and one
 * comparison.
 */
export interface LiteralMatcher {
  /** Class of each of the 256 byte values; 0 is every byte that no literal holds. */
  readonly classOf: Uint8Array;
  /** `next[state + classOf[byte]]` is the following state. */
  readonly next: Int32Array;
  readonly start: number;
  /** States from here on end a literal or, {@link lineEnd}, a line. */
  readonly firstAccepting: number;
  /** The state after a line's end; it goes on like `start`. */
  readonly lineEnd: number;
  /** The literals, by index, that end in an accepting state. */
  endingIn(state: number): readonly number[];
}

const lowerCase = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/**
 * @param literals not empty, ASCII, without line ends
 * @param lineEndByte the byte that ends a line: 10, or 13 in texts that know only CR
 */
export function buildLiteralMatcher(
  literals: readonly string[],
  lineEndByte: number,
): LiteralMatcher {
  const { classOf, lineClass, classes } = byteClasses(literals, lineEndByte);
  const trie = buildTrie(literals, classOf);
  const order = linkFailures(trie, classes);

  // Rows are numbered anew: silent states, then accepting ones, then the line's end.
  const accepting = order.filter((node) => (trie.outputs[node]?.length ?? 0) > 0);
  const silent = order.filter((node) => (trie.outputs[node]?.length ?? 0) === 0);
  const rows = [...silent, ...accepting];
  const rowOf = new Map(rows.map((node, row) => [node, row * classes]));
  const lineEnd = rows.length * classes;
  const next = new Int32Array(lineEnd + classes);
  const fillRow = (row: number, node: number) => {
    for (let byteClass = 0; byteClass < classes; byteClass++) {
      const target = trie.children[node]?.[byteClass] ?? 0;
      next[row + byteClass] = byteClass === lineClass ? lineEnd : (rowOf.get(target) ?? 0);
    }
  };
  rows.forEach((node, row) => fillRow(row * classes, node));
  fillRow(lineEnd, 0);

  const firstAccepting = silent.length * classes;
  const endings = accepting.map((node) => trie.outputs[node] ?? []);
  return {
    classOf,
    next,
    start: 0,
    firstAccepting,
    lineEnd,
    endingIn: (state) => endings[(state - firstAccepting) / classes] ?? [],
  };
}

/**
 * The indexes of the literals that occur in `text`, each once.
 * @param matcher built with any line end; the text may hold several lines
 */
export function literalsIn(matcher: LiteralMatcher, text: string): Set<number> {
  const { classOf, next, firstAccepting, lineEnd } = matcher;
  const found = new Set<number>();
  let state = matcher.start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Typed arrays give numbers inside their bounds; a `??` would cost in this loop.
    state = next[state + (code < 256 ? (classOf[code] as number) : 0)] as number;
    if (state >= firstAccepting && state !== lineEnd) {
      for (const literal of matcher.endingIn(state)) found.add(literal);
    }
  }
  return found;
}

function byteClasses(literals: readonly string[], lineEndByte: number) {
  const classOf = new Uint8Array(256);
  const lineClass = 1;
  classOf[lineEndByte] = lineClass;
  let classes = 2;
  for (const literal of literals) {
    if (literal === '') throw new RangeError('A literal must not be empty.');
    for (let i = 0; i < literal.length; i++) {
      const byte = lowerCase(literal.charCodeAt(i));
      if (byte > 127 || byte === 10 || byte === 13)
        throw new RangeError(`The literal ${JSON.stringify(literal)} is not one line of ASCII.`);
      if (classOf[byte] !== 0) continue;
      classOf[byte] = classes;
      if (byte >= 97 && byte <= 122) classOf[byte - 32] = classes;
      classes++;
    }
  }
  return { classOf, lineClass, classes };
}

interface Trie {
  /** By node and class; missing ones are filled in by {@link linkFailures}. */
  children: (number | undefined)[][];
  outputs: number[][];
}

function buildTrie(literals: readonly string[], classOf: Uint8Array): Trie {
  const trie: Trie = { children: [[]], outputs: [[]] };
  literals.forEach((literal, index) => {
    let node = 0;
    for (let i = 0; i < literal.length; i++) {
      const byteClass = classOf[lowerCase(literal.charCodeAt(i))] ?? 0;
      const row = trie.children[node] ?? [];
      let child = row[byteClass];
      if (child === undefined) {
        child = trie.children.push([]) - 1;
        trie.outputs.push([]);
        row[byteClass] = child;
      }
      node = child;
    }
    trie.outputs[node]?.push(index);
  });
  return trie;
}

/** Turns the trie into an automaton, breadth first; returns the nodes in that order. */
function linkFailures(trie: Trie, classes: number): number[] {
  const failure = new Map<number, number>([[0, 0]]);
  const order = [0];
  for (let i = 0; i < order.length; i++) {
    const node = order[i] ?? 0;
    const row = trie.children[node] ?? [];
    const fallback = failure.get(node) ?? 0;
    for (let byteClass = 0; byteClass < classes; byteClass++) {
      const viaFailure = node === 0 ? 0 : (trie.children[fallback]?.[byteClass] ?? 0);
      const child = row[byteClass];
      if (child === undefined) {
        row[byteClass] = viaFailure;
      } else {
        failure.set(child, viaFailure);
        trie.outputs[child]?.push(...(trie.outputs[viaFailure] ?? []));
        order.push(child);
      }
    }
  }
  return order;
}
