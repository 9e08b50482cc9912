import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { longLine } from '../../src/base/surroundings';
import { LONGEST_LINE } from '../../src/intake/clean';
import { varying } from '../../src/intake/fingerprint';
import { maskRules } from '../../src/intake/masking/mask';
import { patterns } from '../../src/playbooks/engine/patterns';

/** Lines are cut to this before they are read. */
const reach = LONGEST_LINE;

/** A regular expression of the product, and where it stands. */
export interface SourcePattern {
  where: string;
  regex: RegExp;
  /** Longest text that it is ever given, in characters. */
  reach: number;
}

const source = path.join(import.meta.dirname, '../../src');
/** These read patterns, not evidence. */
const readPatterns: ReadonlySet<string> = new Set(['signals.ts', 'literals.ts', 'keywords.ts']);

/**
 * Every regular expression that sees evidence: each literal of the rooms that read and judge it,
 * and those that are put together at run time. One that stands in several places is given once.
 */
export function sourcePatterns(): SourcePattern[] {
  const all = [
    ...patterns.map(({ regex }) => ({ where: 'engine/patterns', regex, reach: longLine })),
    ...maskRules.map(({ kind, pattern: regex }) => ({ where: `mask rule ${kind}`, regex, reach })),
    ...varying.map(([regex]) => ({ where: 'intake/fingerprint', regex, reach })),
    ...['playbooks', 'intake'].flatMap((room) =>
      filesIn(path.join(source, room)).flatMap(literals),
    ),
  ];
  const distinct = new Map<string, SourcePattern>();
  for (const each of all)
    if (!distinct.has(each.regex.source)) distinct.set(each.regex.source, each);
  return [...distinct.values()];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !readPatterns.has(path.basename(name)))
    .map((name) => path.join(folder, name));
}

function literals(file: string): SourcePattern[] {
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  const found: SourcePattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const regex = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
      const { line } = parsed.getLineAndCharacterOfPosition(node.pos);
      found.push({ where: `${path.relative(source, file)}:${line + 1}`, regex, reach });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}
