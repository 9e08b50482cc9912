import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, ParsedNode, Scalar, YAMLMap } from 'yaml';

import { WarRoomError } from '../../base/errors';
import { pathKey, pathText, startsWith } from './keyPath';
import type { KeyPath } from './keyPath';
import { decodeSource } from './sourceText';
import type { SourceText } from './sourceText';

/** One scalar as Helm would see it, and where its text stands. */
export interface ScalarPlace {
  keyPath: KeyPath;
  /** The parsed value. */
  value: unknown;
  /** Source text with its quotes; of a block scalar with its header and lines. */
  source: string;
  style: 'plain' | 'single' | 'double' | 'block';
  /** UTF-16 indexes in the source text. */
  start: number;
  end: number;
  /** Other paths that the same text decides, through an anchor or a merge key. */
  sharedBy: readonly KeyPath[];
  /** Set where programs disagree which text decides. */
  disputed: boolean;
}

/** Aliases may blow a small file up without bound; no values file comes near this. */
const maximumNodes = 50_000;
const maximumDepth = 100;

/**
 * A values file, read as Helm reads it: the first document counts, of a key given twice the last
 * wins, aliases and merge keys stand for what they name.
 */
export class ValuesDocument {
  private readonly places: ReadonlyMap<string, ScalarPlace>;
  private readonly mappings: ReadonlyMap<string, YAMLMap<Node, Node | null>>;
  private readonly others: readonly ReadonlySet<string>[];

  private constructor(
    readonly source: SourceText,
    documents: readonly Document.Parsed<ParsedNode>[],
  ) {
    const [first, ...rest] = documents.map((document) => new Flattened(document, source.text));
    this.places = first?.places() ?? new Map<string, ScalarPlace>();
    this.mappings = first?.mappings ?? new Map<string, YAMLMap<Node, Node | null>>();
    this.others = rest.map((document) => new Set(document.places().keys()));
  }

  /** @throws code `values-unparsable` when the bytes are no YAML mapping */
  static parse(bytes: Uint8Array): ValuesDocument {
    try {
      return ValuesDocument.parseSource(decodeSource(bytes));
    } catch (error) {
      // The parser goes into nested blocks without a bound; now it throws this, now it reports it.
      if (error instanceof RangeError) throw unparsable('it is nested too deep');
      throw error;
    }
  }

  private static parseSource(source: SourceText): ValuesDocument {
    const documents = parseAllDocuments(source.text, {
      keepSourceTokens: true,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents)) return new ValuesDocument(source, []);
    for (const document of documents) {
      const [error] = document.errors;
      if (error?.message.includes('call stack')) throw new RangeError(error.message);
      if (error) throw unparsable(error.message.split('\n')[0] ?? 'it is no YAML');
    }
    const [first] = documents;
    if (first?.contents && !isMap(first.contents) && !isEmpty(first.contents)) {
      throw unparsable('its top level is not a mapping');
    }
    return new ValuesDocument(source, documents);
  }

  /** Every scalar that has text of its own, in the order of the document. */
  scalars(): ScalarPlace[] {
    return [...this.places.values()];
  }

  /** @returns undefined where there is no scalar at the path */
  find(path: KeyPath): ScalarPlace | undefined {
    return this.places.get(pathKey(path));
  }

  /**
   * The scalar at the path, if it is beyond doubt which text decides.
   * @throws code `values-key-missing`, `values-ambiguous`
   */
  scalar(path: KeyPath): ScalarPlace {
    const place = this.find(path);
    if (this.others.some((keys) => keys.has(pathKey(path)))) {
      throw ambiguous(path, 'it stands in more than one document of the file');
    }
    if (!place) throw keyMissing(path);
    if (place.disputed) throw ambiguous(path, 'a merge key behind it sets it again');
    return place;
  }

  /** The mapping at the path, or undefined. */
  mapping(path: KeyPath): YAMLMap<Node, Node | null> | undefined {
    return this.mappings.get(pathKey(path));
  }

  /** Paths of all mappings, outermost first. */
  mappingPaths(): KeyPath[] {
    return [...this.mappings.keys()].map((key) => JSON.parse(key) as KeyPath);
  }

  /** True if anything stands at or under the path. */
  has(path: KeyPath): boolean {
    return (
      this.mappings.has(pathKey(path)) ||
      this.scalars().some((place) => startsWith(place.keyPath, path))
    );
  }
}

/** One document with aliases and merge keys resolved. */
class Flattened {
  readonly mappings = new Map<string, YAMLMap<Node, Node | null>>();
  private readonly targets = new Map<Node, Node>();
  private visited = 0;
  private readonly found: { path: KeyPath; node: Scalar; disputed: boolean }[] = [];

  constructor(
    private readonly document: Document.Parsed<ParsedNode>,
    private readonly text: string,
  ) {
    this.visit(document.contents, [], false);
  }

  places(): Map<string, ScalarPlace> {
    const paths = new Map<Scalar, KeyPath[]>();
    for (const { path, node } of this.found) {
      const same = paths.get(node);
      if (same) same.push(path);
      else paths.set(node, [path]);
    }
    const places = new Map<string, ScalarPlace>();
    for (const { path, node, disputed } of this.found) {
      const sharedBy = (paths.get(node) ?? []).filter((other) => other !== path);
      const [start, end] = node.range ?? [0, 0];
      const source = this.text.slice(start, end);
      const style = styleOf(node);
      places.set(pathKey(path), {
        keyPath: path,
        value: node.value,
        source,
        style,
        start,
        end,
        sharedBy,
        disputed,
      });
    }
    return places;
  }

  private visit(given: Node | null, path: KeyPath, disputed: boolean): void {
    const node = this.resolve(given);
    if (path.length > maximumDepth || this.visited++ > maximumNodes) {
      throw unparsable('its aliases make it too large or too deep');
    }
    if (isScalar(node)) {
      // An empty value has no text that could be changed.
      if (node.range && node.range[1] > node.range[0]) this.found.push({ path, node, disputed });
    } else if (isMap<Node, Node | null>(node)) {
      this.mappings.set(pathKey(path), node);
      for (const [key, pair] of this.effectivePairs(node)) {
        this.visit(pair.value, [...path, key], disputed || pair.disputed);
      }
    } else if (isSeq<Node>(node)) {
      node.items.forEach((item, index) => this.visit(item, [...path, index], disputed));
    }
  }

  /** What each key of a mapping stands for: the last one wins, also over a merge key before it. */
  private effectivePairs(
    map: YAMLMap<Node, Node | null>,
  ): Map<string, { value: Node | null; disputed: boolean }> {
    const pairs = new Map<string, { value: Node | null; disputed: boolean }>();
    const explicit = new Set<string>();
    for (const { key, value } of map.items) {
      const keyNode = this.resolve(key);
      if (!isScalar(keyNode)) continue;
      if (keyNode.value === '<<' && keyNode.type === 'PLAIN') {
        for (const [name, merged] of this.mergedPairs(value)) {
          // Helm's parser lets a later merge key win, YAML's definition does not.
          const disputed = merged.disputed || explicit.has(name);
          pairs.set(name, { value: merged.value, disputed });
        }
      } else {
        const name = String(keyNode.value);
        explicit.add(name);
        pairs.set(name, { value, disputed: false });
      }
    }
    return pairs;
  }

  private mergedPairs(given: Node | null): Map<string, { value: Node | null; disputed: boolean }> {
    const node = this.resolve(given);
    if (isMap<Node, Node | null>(node)) return this.effectivePairs(node);
    if (!isSeq<Node>(node)) return new Map();
    // Of several merged mappings the first wins.
    return new Map(node.items.toReversed().flatMap((item) => [...this.mergedPairs(item)]));
  }

  private resolve(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    // The library walks the whole document to resolve an alias.
    const target = this.targets.get(node) ?? node.resolve(this.document);
    if (!target) throw unparsable(`the alias *${node.source} names nothing`);
    this.targets.set(node, target);
    return target;
  }
}

function styleOf(node: Scalar): ScalarPlace['style'] {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function unparsable(why: string): WarRoomError {
  return new WarRoomError(
    'values-unparsable',
    `The values file cannot be read as YAML (${why.replace(/:$/, '')}), so it was left as it is; correct it and diagnose again.`,
  );
}

function keyMissing(path: KeyPath): WarRoomError {
  return new WarRoomError(
    'values-key-missing',
    `The values file has no ${pathText(path)}, so it was left as it is; add the key where your chart reads it.`,
  );
}

function ambiguous(path: KeyPath, why: string): WarRoomError {
  return new WarRoomError(
    'values-ambiguous',
    `It is not certain which ${pathText(path)} counts: ${why}. The file was left as it is; change it by hand.`,
  );
}
