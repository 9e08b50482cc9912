import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

import { pathKey } from './keyPath';
import type { KeyPath } from './keyPath';
import { unparsable } from './parseDocuments';
import type { ParsedDocument } from './parseDocuments';

/** A block or flow mapping of the parser. */
export type MapNode = YAMLMap<Node, Node | null>;

/** What stands at one path of a document, as Helm would see it. */
export interface Seat {
  path: KeyPath;
  /** Aliases followed; null where a key of a flow mapping has no value at all. */
  node: Node | null;
  /** It comes from a merge key: the mapping around it has no such key of its own. */
  inherited: boolean;
  /** Set where programs disagree which text decides. */
  disputed: boolean;
}

interface Effective {
  value: Node | null;
  inherited: boolean;
  disputed: boolean;
}

/** Aliases may blow a small file up without bound; no values file comes near this. */
const maximumNodes = 50_000;
const maximumDepth = 100;

/** One document with aliases and merge keys resolved; of a key given twice the last wins. */
export class ResolvedDocument {
  readonly seats = new Map<string, Seat>();
  /** The parsed value: mappings are `Map`s by the text of their keys, lists are arrays. */
  readonly value: unknown;
  private readonly targets = new Map<Node, Node>();
  private readonly paths = new Map<Node, KeyPath[]>();
  private readonly mergers = new Map<Node, KeyPath[]>();
  private readonly pairs = new Map<MapNode, Map<string, Effective>>();
  private visited = 0;

  /** @throws code `values-unparsable` where aliases name nothing or blow up */
  constructor(readonly document: ParsedDocument) {
    this.value = this.visit(document.contents, { path: [], inherited: false, disputed: false });
  }

  at(path: KeyPath): Seat | undefined {
    return this.seats.get(pathKey(path));
  }

  /** Every path that the text of a node decides. */
  pathsOf(node: Node): readonly KeyPath[] {
    return this.paths.get(node) ?? [];
  }

  /** Paths of the mappings that a merge key fills with this one. */
  mergedInto(map: Node): readonly KeyPath[] {
    return this.mergers.get(map) ?? [];
  }

  private visit(given: Node | null, place: Omit<Seat, 'node'>): unknown {
    const node = this.resolve(given);
    const { path } = place;
    if (path.length > maximumDepth || this.visited++ > maximumNodes) {
      throw unparsable('its aliases make it too large or too deep');
    }
    this.seats.set(pathKey(path), { ...place, node });
    if (node) append(this.paths, node, path);
    if (isScalar(node)) return node.value;
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) =>
        this.visit(item, { path: [...path, index], inherited: false, disputed: place.disputed }),
      );
    }
    return isMap<Node, Node | null>(node) ? this.visitMap(node, place) : null;
  }

  private visitMap(node: MapNode, { path, disputed }: Omit<Seat, 'node'>): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const merged of this.mergedMaps(node)) append(this.mergers, merged, path);
    for (const [key, pair] of this.effectivePairs(node)) {
      const place = {
        path: [...path, key],
        inherited: pair.inherited,
        disputed: disputed || pair.disputed,
      };
      values.set(key, this.visit(pair.value, place));
    }
    return values;
  }

  /** What each key of a mapping stands for: the last one wins, also over a merge key before it. */
  private effectivePairs(map: MapNode): Map<string, Effective> {
    // Merge keys of merge keys: each mapping once, or a few lines take hours.
    const known = this.pairs.get(map) ?? this.readPairs(map);
    this.pairs.set(map, known);
    return known;
  }

  private readPairs(map: MapNode): Map<string, Effective> {
    const pairs = new Map<string, Effective>();
    const explicit = new Set<string>();
    for (const pair of map.items) {
      const key = this.resolve(pair.key);
      if (!isScalar(key)) continue;
      if (isMergeKey(key)) {
        for (const [name, merged] of this.mergedPairs(pair.value)) {
          // Helm's parser lets a later merge key win, YAML's definition does not.
          const own = explicit.has(name);
          const disputed = merged.disputed || own;
          pairs.set(name, { value: merged.value, inherited: !own, disputed });
        }
      } else {
        const name = String(key.value);
        explicit.add(name);
        pairs.set(name, { value: pair.value, inherited: false, disputed: false });
      }
    }
    return pairs;
  }

  private mergedPairs(given: Node | null): Map<string, Effective> {
    // Of several merged mappings the first wins.
    const maps = this.mapsIn(given).toReversed();
    return new Map(maps.flatMap((map) => [...this.effectivePairs(map)]));
  }

  /** The mappings that merge keys bring into this one, also over several steps. */
  private mergedMaps(map: MapNode): MapNode[] {
    const merges = map.items.filter(({ key }: Pair<Node, Node | null>) => {
      const node = this.resolve(key);
      return isScalar(node) && isMergeKey(node);
    });
    const direct = merges.flatMap(({ value }) => this.mapsIn(value));
    const own = [...new Set(direct)];
    return [...new Set([...own, ...own.flatMap((merged) => this.mergedMaps(merged))])];
  }

  private mapsIn(given: Node | null): MapNode[] {
    const node = this.resolve(given);
    if (isMap<Node, Node | null>(node)) return [node];
    if (!isSeq<Node>(node)) return [];
    return node.items.flatMap((item) => this.mapsIn(item));
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

/** A block or flow collection that may take additions. */
export function isCollection(node: Node | null): node is MapNode | YAMLSeq<Node> {
  return isMap(node) || isSeq(node);
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function append<K>(lists: Map<K, KeyPath[]>, key: K, path: KeyPath): void {
  const list = lists.get(key);
  if (list) list.push(path);
  else lists.set(key, [path]);
}
