import type { Facts } from '../../incident/analysis';
import type { ScalarEdit } from '../../incident/proposal';
import type { ImageRepository } from '../imageReference';
import type { AskedTags } from '../imageTags';
import type { KeyPath } from '../yaml/keyPath';
import type { ValuesDocument } from '../yaml/valuesDocument';
import type { TemplateTrace } from '../templateTrace';

/** What a fix may look at: one values file and what the evidence says. */
export interface FixTarget {
  document: ValuesDocument;
  /** Where the application's values stand in the file: a subchart's key, or nothing for the top. */
  prefix: KeyPath;
  app: string;
  facts: Facts;
  /** Whether the chart's templates use a value for the failing container. */
  trace: TemplateTrace;
  /** This file at its earlier commits, newest first; the first may be what HEAD holds. */
  earlier: readonly KnownValues[];
  /** The same application's values in other files, such as another environment's. */
  others: readonly KnownValues[];
  /** What the registry says of the image that the fixer asks for; left out where none was asked. */
  asked?: AskedTags | undefined;
}

/** Values that somebody wrote for the same application, somewhere else or at another time. */
export interface KnownValues {
  /** For sentences: a path, or a commit with its subject. */
  where: string;
  document: ValuesDocument;
  prefix: KeyPath;
  /** The commit that made this text, for those of the history. */
  commit?: string;
  subject?: string;
}

/** A change of one values file, and why it is right. */
export interface Fix {
  /** For the commit's subject, for example "raise memory limit to 1024Mi". */
  title: string;
  edits: readonly ScalarEdit[];
  reason: string;
  /** With its inputs filled in. */
  formula: string | null;
  warnings: readonly string[];
  /** The short name of the commit that it puts back. */
  reverts?: string;
}

/** What is known of curing one category by a values edit. */
export interface Fixer {
  /** It looks into the file's history, or into other files of the application. */
  needsKnown?: true;
  /**
   * The image whose tags decide the fix; the values name it, never the evidence alone.
   * @throws as `fix`
   */
  asksFor?: (target: FixTarget) => ImageRepository | undefined;
  /** Why no value should be changed, whatever the files hold; null when one may be. */
  objection(facts: Facts): string | null;
  /**
   * The change for one file.
   * @throws code `values-key-missing`, `values-ambiguous`, `values-unparsable` when the file is not the
   *   one or cannot be changed with certainty
   */
  fix(target: FixTarget): Fix;
  /** YAML to copy when no file was found; null when the evidence does not give the numbers. */
  patch(facts: Facts): string | null;
}

/** Thrown by a fixer as `WarRoomError`; these codes mean "not this file" and never end the run. */
export const refusalCodes = [
  'values-key-missing',
  'values-ambiguous',
  'values-unparsable',
] as const;
