import { isScalar, parseAllDocuments } from 'yaml';
import type { Document, Node, ParsedNode } from 'yaml';

import { WarRoomError } from '../../base/errors';

/** One document of a stream as the parser gives it. */
export type ParsedDocument = Document.Parsed<ParsedNode>;

/**
 * Every document of a text; none where it holds only comments.
 * @throws code `values-unparsable` when it is no YAML, or the first document is a single value
 */
export function parseDocuments(text: string): readonly ParsedDocument[] {
  try {
    const documents = parsed(text);
    const [first] = documents;
    // A list is what a file of kustomize's operations holds.
    if (isScalar(first?.contents) && !isEmptyNode(first.contents)) {
      throw unparsable('its top level is not a mapping');
    }
    return documents;
  } catch (error) {
    // The parser goes into nested blocks without a bound; now it throws this, now it reports it.
    if (error instanceof RangeError) throw unparsable('it is nested too deep');
    throw error;
  }
}

function parsed(text: string): readonly ParsedDocument[] {
  const documents = parseAllDocuments(text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error?.message.includes('call stack')) throw new RangeError(error.message);
    if (error) throw unparsable(error.message.split('\n')[0] ?? 'it is no YAML');
  }
  return documents;
}

/** True for null, written or left out. */
export function isEmptyNode(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The error for text that cannot be read. */
export function unparsable(why: string): WarRoomError {
  return new WarRoomError(
    'values-unparsable',
    `The values file cannot be read as YAML (${why.replace(/:$/, '')}), so it was left as it is; correct it and diagnose again.`,
  );
}
