/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Path = (string | number)[];

/** A place of a random file that can be edited. */
export interface Target {
  kind: 'scalar' | 'map' | 'list' | 'merged';
  document: number;
  path: Path;
  /** Other paths that the same text decides. */
  alsoAt: Path[];
  /** Number of entries, of a list. */
  length: number;
  /** Source text of a scalar, of `{}`, `[]` or null; empty for a block. */
  source: string;
  /** Index of the source in the text. */
  start: number;
}

/** A random values file and where it can be edited. */
export interface RandomValues {
  text: string;
  targets: Target[];
  /** The file holds several documents. */
  several: boolean;
}

const keys = [
  'resources',
  'limits',
  'memory',
  'cpu',
  'a-b',
  'c.d',
  '메모리',
  'x_1',
  'image',
  'env',
];
const scalars = [
  ...['512Mi', '1Gi', '0.5', '250m', '8080', 'true', 'café', 'a b', 'http://x/y?z=1', '-1'],
  ...['"512Mi"', '"8080"', "'it''s'", "'a: b'", '"a # b"', '"\\u00e9"', '""', '!!str 5', '0x1F'],
];
const comments = [
  '# memory: 512Mi',
  '#\ttab',
  '# "unclosed',
  "# it's: [not",
  '# 메모리 📈',
  '#',
  '',
];
const trailers = ['', '', '', ' ', '  # 512Mi', '\t# tab', ' # {not: flow}'];
const opening = '\uE000';
const closing = '\uE001';

/** A values file of every style that people write: made of lines, with its targets marked. */
export function randomValues(random: () => number): RandomValues {
  return new Writer(random).file();
}

class Writer {
  private readonly targets: Omit<Target, 'start'>[] = [];
  private readonly anchors: { path: Path; keys: string[]; name: string; document: number }[] = [];
  private document = 0;
  private step = 2;
  private listStep = 2;
  /** How deep in text blocks that hold YAML. */
  private inside = 0;

  constructor(private readonly random: () => number) {}

  file(): RandomValues {
    this.step = this.pick([2, 2, 2, 4, 3]);
    this.listStep = this.pick([0, 2, this.step]);
    const count = this.random() < 0.15 ? 2 : 1;
    const parts: string[][] = [];
    for (; this.document < count; this.document++) {
      this.anchors.length = 0;
      const body = this.body();
      if (this.document > 0 || this.chance(0.1)) body.unshift('---');
      parts.push(body);
    }
    const lines = parts.flat();
    if (this.chance(0.05)) lines.push('...');
    const lineEnd = this.chance(0.25) ? '\r\n' : '\n';
    const text =
      (this.chance(0.1) ? '\uFEFF' : '') + lines.join(lineEnd) + (this.chance(0.8) ? lineEnd : '');
    return { ...this.located(text), several: count > 1 };
  }

  /** The text without its marks, and where they stood. */
  private located(marked: string): Pick<RandomValues, 'text' | 'targets'> {
    const targets: Target[] = [];
    let text = '';
    for (const piece of marked.split(opening)) {
      const [id = '', rest] = piece.split(closing);
      const target = rest === undefined ? undefined : this.targets[Number(id)];
      if (target) targets.push({ ...target, start: text.length });
      text += rest ?? id;
    }
    return { text, targets };
  }

  private body(): string[] {
    const lines = this.noise();
    if (this.chance(0.3)) lines.push(...this.anchored());
    lines.push(...this.entries([], 0, this.pick([1, 2, 2, 3])), ...this.noise());
    return lines;
  }

  private entries(path: Path, column: number, depth: number): string[] {
    const names = this.some(keys, 1, path.length === 0 ? 3 : 2);
    return names.flatMap((key) => [
      ...this.noise(column),
      ...(this.chance(0.05) ? [`${' '.repeat(column)}${key}: first of two`] : []),
      ...this.pair(key, [...path, key], column, depth),
    ]);
  }

  private pair(key: string, path: Path, column: number, depth: number): string[] {
    const head = `${' '.repeat(column)}${this.keyText(key)}:`;
    const below = column + this.step;
    const roll = depth > 0 ? this.random() : this.random() * 0.5;
    if (roll < 0.3) return [`${head} ${this.scalar(path)}${this.pick(trailers)}`];
    if (roll < 0.36) return [this.empty(head, path) + this.pick(trailers)];
    if (roll < 0.41) return [`${head} ${this.flowMap(path)}${this.pick(trailers)}`];
    if (roll < 0.46) return [`${head} ${this.flowList(path)}${this.pick(trailers)}`];
    if (roll < 0.5) return this.textBlock(head, below);
    if (roll < 0.56 && this.inside === 0) return this.yamlBlock(head, path, below);
    if (roll < 0.62 && this.anchors.length > 0) return this.consumer(head, path, below);
    const end = this.chance(0.1) ? '  # block' : '';
    const mark = (kind: 'map' | 'list', length = 0) => this.mark({ kind, path, length });
    if (roll < 0.78) {
      const length = 1 + Math.floor(this.random() * 2);
      const list = this.list(path, column + this.listStep, depth - 1, length);
      return [`${head}${mark('list', length)}${end}`, ...list];
    }
    return [`${head}${mark('map')}${end}`, ...this.entries(path, below, depth - 1)];
  }

  private list(path: Path, column: number, depth: number, length: number): string[] {
    const dash = `${' '.repeat(column)}-`;
    return Array.from({ length }, (_, at) => at).flatMap((at) => {
      const item = [...path, at];
      if (this.chance(0.4)) return [`${dash} ${this.scalar(item)}${this.pick(trailers)}`];
      const [first = '', ...rest] = [
        ...this.pair('name', [...item, 'name'], column + 2, 0),
        ...this.entries(item, column + 2, depth - 1),
      ];
      return [...this.noise(column), `${dash} ${first.trimStart()}`, ...rest];
    });
  }

  private anchored(): string[] {
    const name = `anchor${this.document}`;
    const own = this.some(['cpu', 'memory', 'x_1'], 1, 2);
    this.anchors.push({ path: ['shared'], keys: own, name, document: this.document });
    const plain = scalars.filter((source) => !source.startsWith('!!'));
    const lines = own.map((key) => `${' '.repeat(this.step)}${key}: ${this.pick(plain)}`);
    return [`shared: &${name}`, ...lines];
  }

  /** What takes an anchored block whole, or merges it into its own keys. */
  private consumer(head: string, path: Path, column: number): string[] {
    const [anchor] = this.anchors.splice(0);
    const key = anchor?.keys[0];
    if (!anchor || key === undefined) return [`${head} 1`];
    const alsoAt = [[...anchor.path, key]];
    if (this.chance(0.4)) {
      return [
        `${head} *${anchor.name}${this.mark({ kind: 'scalar', path: [...path, key], alsoAt })}`,
      ];
    }
    const blanks = ' '.repeat(column);
    const target = this.mark({ kind: 'merged', path: [...path, key] });
    return [`${head}${target}`, `${blanks}<<: *${anchor.name}`, `${blanks}own: 1`];
  }

  private textBlock(head: string, column: number): string[] {
    const blanks = ' '.repeat(column);
    const header = this.pick(['|', '|-', '|+', '>', '>-']);
    return [`${head} ${header}`, `${blanks}memory: 512Mi`, '', `${blanks}# no comment`];
  }

  /** A text that itself is YAML, as Argo CD holds values. */
  private yamlBlock(head: string, path: Path, column: number): string[] {
    const anchors = this.anchors.splice(0);
    this.inside++;
    const inner = ['first: 1', ...this.entries(path, 0, 1)];
    this.inside--;
    this.anchors.push(...anchors);
    const blanks = ' '.repeat(column);
    const header = this.pick(['|', '|-', '|+']);
    return [`${head} ${header}`, ...inner.map((line) => (line === '' ? line : blanks + line))];
  }

  private scalar(path: Path): string {
    const source = this.pick(scalars);
    // What a tag makes of a new value is the tag's business.
    if (source.startsWith('!!')) return source;
    return this.mark({ kind: 'scalar', path, source }) + source;
  }

  private empty(head: string, path: Path): string {
    const source = this.pick(['{}', '[]', '~', 'null', '']);
    const kind = source === '[]' ? 'list' : 'map';
    return `${head}${source ? ' ' : ''}${this.mark({ kind, path, source })}${source}`;
  }

  private flowMap(path: Path): string {
    const names = this.some(keys, 1, 3);
    const mark = this.mark({ kind: 'map', path });
    const items = names.map((key) => `${key}: ${this.flowScalar([...path, key])}`);
    return `${mark}{${items.join(', ')}}`;
  }

  private flowList(path: Path): string {
    const length = 1 + Math.floor(this.random() * 3);
    const mark = this.mark({ kind: 'list', path, length });
    const items = Array.from({ length }, (_, at) => this.flowScalar([...path, at]));
    return `${mark}[${items.join(', ')}]`;
  }

  private flowScalar(path: Path): string {
    const source = this.pick(['512Mi', '"8080"', "'x'", '5', 'a b']);
    return this.mark({ kind: 'scalar', path, source }) + source;
  }

  private mark(target: Partial<Target> & Pick<Target, 'kind' | 'path'>): string {
    const { document } = this;
    const id = this.targets.push({ document, alsoAt: [], length: 0, source: '', ...target }) - 1;
    return `${opening}${id}${closing}`;
  }

  private keyText(key: string): string {
    return this.chance(0.1) ? `"${key}"` : key;
  }

  private noise(column = 0): string[] {
    if (!this.chance(0.25)) return [];
    return [' '.repeat(this.pick([0, column, column + 1])) + this.pick(comments)].map((line) =>
      line.trimEnd(),
    );
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private some(from: readonly string[], least: number, most: number): string[] {
    const count = least + Math.floor(this.random() * (most - least + 1));
    return from
      .map((one) => ({ one, at: this.random() }))
      .toSorted((a, b) => a.at - b.at)
      .slice(0, count)
      .map(({ one }) => one);
  }
}
