import type { FactValues } from '../../../../src/incident/analysis';
import type { Category } from '../../../../src/incident/category';
import type { ScalarEdit } from '../../../../src/incident/proposal';
import { fixes } from '../../../../src/remediation/fixes';
import type { Fix, Fixer, FixTarget, KnownValues } from '../../../../src/remediation/fixes/fix';
import type { TagAnswer } from '../../../../src/remediation/imageTags';
import { noTemplates } from '../../../../src/remediation/templateTrace';
import type { TemplateTrace } from '../../../../src/remediation/templateTrace';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';
import { factsOf } from '../facts';

/** A values file, what the evidence says, and what is known around the file. */
export interface Case {
  category: Category;
  values: string;
  facts?: Partial<FactValues>;
  /** Where the templates use the values; there are none unless told. */
  trace?: TemplateTrace;
  /** Earlier texts of the file, newest first. */
  earlier?: readonly string[];
  /** Other files of the application, by path. */
  others?: Readonly<Record<string, string>>;
  /** Keys that lead to the application's values; none unless told. */
  prefix?: readonly string[];
  /** What the registry of the image says, where the fixer asks for it. */
  registry?: TagAnswer;
}

export function fixerOf(category: Category): Fixer {
  const fixer = fixes[category];
  if (!fixer) throw new Error(`no fixer for ${category}`);
  return fixer;
}

export function fixOf(given: Case, fixer = fixerOf(given.category)): Fix {
  const facts = factsOf(given.facts ?? {});
  const objection = fixer.objection(facts);
  if (objection !== null) throw new Error(objection);
  const target = targetOf(given);
  const image = given.registry && fixer.asksFor?.(target);
  const asked = image && given.registry && { image, answer: given.registry };
  return fixer.fix({ ...target, asked });
}

/** What a fixer would look at. */
export function targetOf(given: Case): FixTarget {
  const { prefix = [] } = given;
  return {
    document: parse(given.values),
    prefix,
    app: 'shop',
    facts: factsOf(given.facts ?? {}),
    trace: given.trace ?? noTemplates,
    earlier: (given.earlier ?? []).map((text, index) => ({ ...version(text, index), prefix })),
    others: Object.entries(given.others ?? {}).map(([where, text]) => ({
      where,
      document: parse(text),
      prefix,
    })),
  };
}

/** `image.tag: 1.4 -> 1.3`; of an added key without the left side; holes by what they ask for. */
export function told(edits: readonly ScalarEdit[]): string[] {
  return edits.map(({ keyPath, before, after, hole }) => {
    const now = hole === undefined ? after : `(${hole})`;
    return `${keyPath.join('.')}: ${before === null ? '' : `${before} -> `}${now}`;
  });
}

export function version(text: string, index: number): KnownValues {
  const commit = `${index}abcdef0`.padEnd(40, '0');
  return {
    where: `${commit.slice(0, 8)} of 2026-11-20 "change ${index}"`,
    commit,
    subject: `change ${index}`,
    document: parse(text),
    prefix: [],
  };
}

/** A block of resources with memory, each line after `indent`. */
export const memory = (limit: string, request: string, indent = '') =>
  [
    `${indent}resources:`,
    `${indent}  limits:`,
    `${indent}    memory: ${limit}`,
    `${indent}  requests:`,
    `${indent}    memory: ${request}`,
    '',
  ].join('\n');

function parse(text: string): ValuesDocument {
  return ValuesDocument.parse(Buffer.from(text));
}
