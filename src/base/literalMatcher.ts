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
  const { order, table } = linkFailures(trie, classes);

  // Rows are numbered anew: silent states, then accepting ones, then the line's end.
  const isAccepting = (node: number) => trie.outputs.has(node);
  const accepting = order.filter(isAccepting);
  const silent = order.filter((node) => !isAccepting(node));
  const rowOf = new Int32Array(order.length);
  [...silent, ...accepting].forEach((node, row) => (rowOf[node] = row * classes));
  const lineEnd = order.length * classes;
  const next = new Int32Array(lineEnd + classes);
  const fillRow = (row: number, node: number) => {
    for (let at = node * classes, to = row; to < row + classes; at++, to++) {
      // Typed arrays give numbers inside their bounds; a `??` would cost in this loop.
      next[to] = rowOf[table[at] as number] as number;
    }
    next[row + lineClass] = lineEnd;
  };
  order.forEach((node) => fillRow(rowOf[node] ?? 0, node));
  fillRow(lineEnd, 0);

  const firstAccepting = silent.length * classes;
  const endings = accepting.map((node) => trie.outputs.get(node) ?? []);
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
 * Calls `found` with the index of each literal that occurs in `text` and the position of its last
 * character.
 * @param matcher built with any line end; the text may hold several lines
 */
export function findLiterals(
  matcher: LiteralMatcher,
  text: string,
  found: (literal: number, end: number) => void,
): void {
  const { classOf, next, firstAccepting, lineEnd } = matcher;
  let state = matcher.start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Typed arrays give numbers inside their bounds; a `??` would cost in this loop.
    state = next[state + (code < 256 ? (classOf[code] as number) : 0)] as number;
    if (state >= firstAccepting && state !== lineEnd) {
      for (const literal of matcher.endingIn(state)) found(literal, i);
    }
  }
}

/** The indexes of the literals that occur in `text`, each once. */
export function literalsIn(matcher: LiteralMatcher, text: string): Set<number> {
  const found = new Set<number>();
  findLiterals(matcher, text, (literal) => found.add(literal));
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

/**
 * Arrays of numbers throughout: with thousands of literals, objects would cost a hundred times as
 * much. Node 0 is the root and nobody's child, so that 0 also says that there is none.
 */
interface Trie {
  nodes: number;
  /** By node: the class that leads to it, its first child, and the next child of its parent. */
  classTo: Uint8Array;
  firstChild: Int32Array;
  nextSibling: Int32Array;
  /** Literals by the node that they end in. */
  outputs: Map<number, number[]>;
}

function buildTrie(literals: readonly string[], classOf: Uint8Array): Trie {
  const most = literals.reduce((sum, literal) => sum + literal.length, 1);
  const trie: Trie = {
    nodes: 1,
    classTo: new Uint8Array(most),
    firstChild: new Int32Array(most),
    nextSibling: new Int32Array(most),
    outputs: new Map(),
  };
  literals.forEach((literal, index) => {
    let node = 0;
    for (let i = 0; i < literal.length; i++) {
      node = childOf(trie, node, classOf[lowerCase(literal.charCodeAt(i))] ?? 0);
    }
    addOutputs(trie, node, [index]);
  });
  return trie;
}

/** The child that a class leads to; made where there is none. */
function childOf(trie: Trie, node: number, byteClass: number): number {
  const { classTo, firstChild, nextSibling } = trie;
  let child = firstChild[node] ?? 0;
  while (child !== 0 && classTo[child] !== byteClass) child = nextSibling[child] ?? 0;
  if (child !== 0) return child;
  child = trie.nodes++;
  classTo[child] = byteClass;
  nextSibling[child] = firstChild[node] ?? 0;
  firstChild[node] = child;
  return child;
}

function addOutputs({ outputs }: Trie, node: number, literals: readonly number[]): void {
  outputs.set(node, [...(outputs.get(node) ?? []), ...literals]);
}

/**
 * The trie as an automaton: `table[node * classes + class]` is the following node, and `order` the
 * nodes breadth first. Every row starts as that of the node's failure, which is shorter and done.
 */
function linkFailures(trie: Trie, classes: number): { order: number[]; table: Int32Array } {
  const { classTo, firstChild, nextSibling, outputs } = trie;
  const table = new Int32Array(trie.nodes * classes);
  const failure = new Int32Array(trie.nodes);
  const order = [0];
  for (let i = 0; i < order.length; i++) {
    const node = order[i] ?? 0;
    const row = node * classes;
    const fallback = (failure[node] ?? 0) * classes;
    if (node !== 0) table.copyWithin(row, fallback, fallback + classes);
    for (let child = firstChild[node] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
      const at = row + (classTo[child] ?? 0);
      const viaFailure = node === 0 ? 0 : (table[at] ?? 0);
      failure[child] = viaFailure;
      const ended = outputs.get(viaFailure);
      if (ended) addOutputs(trie, child, ended);
      table[at] = child;
      order.push(child);
    }
  }
  return { order, table };
}
