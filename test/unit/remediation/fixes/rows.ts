import { expect } from 'vitest';

import type { Case } from './given';
import { fixOf, told } from './given';

/** What a fix edits, as {@link told}, and what it says of it. */
export type Row = [name: string, given: Case, edits: string[], says?: RegExp];

/** Tests one row. */
export function rowTest(_: string, given: Case, edits: string[], says?: RegExp): void {
  const fix = fixOf(given);
  expect(told(fix.edits)).toEqual(edits);
  if (says) expect(`${fix.reason} ${fix.formula ?? ''}`).toMatch(says);
}
