import { isMap, isScalar } from 'yaml';
import type { Scalar } from 'yaml';

import { WarRoomError } from '../../base/errors';
import { literalBlock } from './blockText';
import type { BlockText } from './blockText';
import { pathKey, pathText, startsWith } from './keyPath';
import type { KeyPath } from './keyPath';
import { parseDocuments, unparsable } from './parseDocuments';
import { isCollection, ResolvedDocument } from './resolvedDocument';
import type { Seat } from './resolvedDocument';
import { decodeSource } from './sourceText';
import { getIn, plainOf } from './valueTree';

/** One scalar as Helm would see it, and where its text stands. */
export interface ScalarPlace {
  keyPath: KeyPath;
  /** The parsed value. */
  value: unknown;
  /** Source text with its quotes; of a block scalar with its header and lines. */
  source: string;
  style: 'plain' | 'single' | 'double' | 'block';
  /** UTF-16 indexes in the text that it is a part of: the file's, or that of the block around it. */
  start: number;
  end: number;
  /** Other paths that the same text decides, through an anchor or a merge key. */
  sharedBy: readonly KeyPath[];
  /** It comes from a merge key, so that a key of its own can be set beside the merge key. */
  inherited: boolean;
  /** Set where programs disagree which text decides. */
  disputed: boolean;
}

/** A text block on the way of a key path, whose own text is YAML (`values: |` of Argo CD). */
export interface Crossing {
  block: ScalarPlace;
  /** The path that goes on inside. */
  rest: KeyPath;
  inside: ValuesDocument;
  way: BlockText;
}

/**
 * A values file, read as Helm reads it: the first document counts, of a key given twice the last
 * wins, aliases and merge keys stand for what they name. A key path may go on inside a literal
 * block that itself holds YAML.
 */
export class ValuesDocument {
  private readonly crossings = new Map<string, Omit<Crossing, 'rest'>>();

  private constructor(
    readonly text: string,
    /** All documents of the file. */
    readonly documents: readonly ResolvedDocument[],
    private readonly position: number | undefined,
  ) {}

  /**
   * @param position the document of the file, from 0; left out where the file should hold but one
   * @throws code `values-unparsable` when the bytes are no YAML mapping
   */
  static parse(bytes: Uint8Array, position?: number): ValuesDocument {
    return ValuesDocument.parseText(decodeSource(bytes).text, position);
  }

  /** The same for text without a byte order mark. */
  static parseText(text: string, position?: number): ValuesDocument {
    try {
      const documents = parseDocuments(text).map((document) => new ResolvedDocument(document));
      return new ValuesDocument(text, documents, position);
    } catch (error) {
      if (error instanceof RangeError) throw unparsable('it is nested too deep');
      throw error;
    }
  }

  /** Another document of the same file. */
  at(position: number | undefined): ValuesDocument {
    if (position === this.position) return this;
    return new ValuesDocument(this.text, this.documents, position);
  }

  /** The document that is looked at; undefined where the file holds none there. */
  get resolved(): ResolvedDocument | undefined {
    return this.documents[this.position ?? 0];
  }

  /**
   * Every scalar at or below a path that has text of its own, in the order of the document. Of a
   * text block that holds YAML only where the path is its own or goes into it.
   */
  scalars(under: KeyPath = []): ScalarPlace[] {
    const crossing = this.crossingAt(under);
    if (crossing) return crossing.inside.scalars(crossing.rest).map((one) => within(crossing, one));
    return [...(this.resolved?.seats.values() ?? [])]
      .filter(({ path }) => startsWith(path, under))
      .flatMap((seat) => this.placeOf(seat) ?? []);
  }

  /** @returns undefined where there is no scalar at the path */
  find(path: KeyPath): ScalarPlace | undefined {
    const crossing = this.crossing(path);
    if (crossing) {
      const place = crossing.inside.find(crossing.rest);
      return place && within(crossing, place);
    }
    const seat = this.resolved?.at(path);
    return seat && this.placeOf(seat);
  }

  /**
   * The scalar at the path, if it is beyond doubt which text decides.
   * @throws code `values-key-missing`, `values-ambiguous`
   */
  scalar(path: KeyPath): ScalarPlace {
    this.requireCertain(path);
    const place = this.find(path);
    if (!place) {
      this.requireCrossable(path);
      throw keyMissing(path);
    }
    if (place.disputed) throw ambiguous(path, 'a merge key behind it sets it again');
    return place;
  }

  /** Paths of all mappings below a path, outermost first. */
  mappingPaths(under: KeyPath = []): KeyPath[] {
    const crossing = this.crossingAt(under);
    if (crossing) {
      const { block, inside, rest } = crossing;
      return inside.mappingPaths(rest).map((path) => [...block.keyPath, ...path]);
    }
    return [...(this.resolved?.seats.values() ?? [])]
      .filter(({ path, node }) => isMap(node) && startsWith(path, under))
      .map(({ path }) => path);
  }

  /** All that stands at a path, as JSON has it; of a text that holds YAML what it holds. */
  valueAt(path: KeyPath): unknown {
    const crossing = this.crossingAt(path);
    if (crossing) return crossing.inside.valueAt(crossing.rest);
    return plainOf(getIn(this.resolved?.value, path));
  }

  /** Number of entries of the list at the path; undefined where there is no list. */
  lengthOf(path: KeyPath): number | undefined {
    const crossing = this.crossing(path);
    if (crossing) return crossing.inside.lengthOf(crossing.rest);
    const node = this.resolved?.at(path)?.node ?? null;
    return isCollection(node) && !isMap(node) ? node.items.length : undefined;
  }

  /** Other paths that an addition at a path changes too, through an anchor or a merge key. */
  sharedWith(path: KeyPath): KeyPath[] {
    const crossing = this.crossing(path);
    if (crossing) {
      const { block, inside, rest } = crossing;
      return inside.sharedWith(rest).map((other) => [...block.keyPath, ...other]);
    }
    const { resolved } = this;
    const seat = this.deepest(path);
    if (!resolved || !seat?.node) return [];
    const rest = path.slice(seat.path.length);
    const [key = ''] = rest;
    const merged = resolved
      .mergedInto(seat.node)
      .filter((other) => !resolved.at([...other, String(key)]));
    return [...resolved.pathsOf(seat.node), ...merged]
      .filter((other) => pathKey(other) !== pathKey(seat.path))
      .map((other) => [...other, ...rest]);
  }

  /** What stands nearest above the path (not at it). */
  deepest(path: KeyPath): Seat | undefined {
    for (let length = path.length - 1; length >= 0; length--) {
      const seat = this.resolved?.at(path.slice(0, length));
      if (seat) return seat;
    }
    return undefined;
  }

  /** The text block that a path goes into; undefined where it meets none that can be entered. */
  crossing(path: KeyPath): Crossing | undefined {
    const block = this.blockOn(path);
    if (!block) return undefined;
    const key = pathKey(block.keyPath);
    const rest = path.slice(block.keyPath.length);
    const known = this.crossings.get(key);
    if (known) return { ...known, rest };
    const way = literalBlock(block, this.text);
    const inside = way && textInside(block);
    if (!way || !inside) return undefined;
    this.crossings.set(key, { block, inside, way });
    return { block, inside, way, rest };
  }

  /** The same for what stands below a path, which may be the text block itself. */
  private crossingAt(path: KeyPath): Crossing | undefined {
    const crossing = this.crossing([...path, '']);
    return crossing && { ...crossing, rest: crossing.rest.slice(0, -1) };
  }

  /**
   * Says why a path cannot go on inside the text that it meets.
   * @throws code `values-ambiguous`
   */
  requireCrossable(path: KeyPath): void {
    const block = this.blockOn(path);
    if (!block || this.crossing(path)) return;
    const why = block.source.startsWith('|')
      ? 'is a text that is no YAML mapping'
      : 'is a quoted or folded text, which has no lines of its own';
    throw ambiguous(path, `${pathText(block.keyPath)} ${why}`);
  }

  /** @throws code `values-ambiguous` where the path stands in several documents of the file */
  requireCertain(path: KeyPath): void {
    if (this.position !== undefined || path.length === 0) return;
    if (!this.documents.slice(1).some((document) => document.at(path))) return;
    throw ambiguous(path, 'it stands in more than one document of the file');
  }

  private blockOn(path: KeyPath): ScalarPlace | undefined {
    const seat = this.deepest(path);
    const place = seat && this.placeOf(seat);
    return typeof place?.value === 'string' ? place : undefined;
  }

  private placeOf(seat: Seat): ScalarPlace | undefined {
    const { node, path, inherited, disputed } = seat;
    // An empty value has no text that could be changed.
    if (!isScalar(node) || !node.range || node.range[1] <= node.range[0]) return undefined;
    const [start, end] = node.range;
    const paths = this.resolved?.pathsOf(node) ?? [];
    return {
      keyPath: path,
      value: node.value,
      source: this.text.slice(start, end),
      style: styleOf(node),
      start,
      end,
      sharedBy: paths.filter((other) => other !== path),
      inherited,
      disputed,
    };
  }
}

/** A place inside a text block by its path from the root. */
function within({ block }: Crossing, place: ScalarPlace): ScalarPlace {
  const whole = (path: KeyPath): KeyPath => [...block.keyPath, ...path];
  return {
    ...place,
    keyPath: whole(place.keyPath),
    sharedBy: [
      ...place.sharedBy.map(whole),
      ...block.sharedBy.map((other) => [...other, ...place.keyPath]),
    ],
  };
}

function textInside(block: ScalarPlace): ValuesDocument | undefined {
  try {
    return ValuesDocument.parseText(String(block.value));
  } catch (error) {
    if (WarRoomError.is(error, 'values-unparsable')) return undefined;
    throw error;
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
