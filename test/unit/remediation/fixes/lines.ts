import { expect } from 'vitest';

import type { FactValues } from '../../../../src/incident/analysis';
import type { Category } from '../../../../src/incident/category';
import { fixes } from '../../../../src/remediation/fixes';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { factsOf } from '../facts';
import type { Case } from './given';
import { fixOf } from './given';

/** One row of docs/fixes.md: the values, what the evidence says, and the lines that change. */
export interface LineRow extends Case {
  name: string;
  changed: Record<string, string>;
  title: string;
  says?: RegExp;
}

/** Tests that exactly these lines change. */
export function changesLines(row: LineRow): void {
  const fix = fixOf(row);
  const after = Buffer.from(applyEdits(Buffer.from(row.values), fix.edits)).toString();
  expect(changedLines(row.values, after)).toEqual(row.changed);
  expect(fix.title).toBe(row.title);
  if (row.says) expect(`${fix.reason} ${fix.formula}`).toMatch(row.says);
}

/** Values for which there is no certain fix, and the code of the error that says so. */
export type Refusal = [
  name: string,
  category: Category,
  values: string,
  facts: Partial<FactValues>,
  code: string,
];

/** Tests one refusal. */
export function refuses(...[, category, values, facts, code]: Refusal): void {
  expect(() => fixOf({ category, values, facts })).toThrow(
    expect.objectContaining({ name: 'WarRoomError', code }) as Error,
  );
}

/** Facts that show that a fix would only hide the fault, and what is said of it. */
export type Objection = [category: Category, facts: Partial<FactValues>, words: RegExp];

/** Tests one objection. */
export function objects(...[category, facts, words]: Objection): void {
  expect(fixes[category]?.objection(factsOf(facts))).toMatch(words);
}

/** A block below a key of its own. */
export const indented = (block: string) => block.replace(/^(?=.)/gm, '  ');

/** The same block for two containers. */
export const two = (block: string) => `web:\n${indented(block)}worker:\n${indented(block)}`;

/** Old lines with what stands in their place; an added line belongs to the one above it. */
function changedLines(before: string, after: string): Record<string, string> {
  const old = before.split('\n');
  const now = after.split('\n');
  const changed: Record<string, string> = {};
  for (let index = 0, at = 0; index < old.length; index++, at++) {
    const line = old[index] ?? '';
    if (now[at] !== line) changed[line] = now[at] ?? '';
    else if (now[at + 1] !== old[index + 1] && now[at + 2] === old[index + 1]) {
      changed[line] = `${line}\n${now[++at]}`;
    }
  }
  return changed;
}
