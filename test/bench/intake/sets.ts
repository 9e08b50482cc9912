import type { PrefilterPattern } from '../../../src/intake/scan/prefilter';
import * as playbooks from '../../../src/playbooks/signals';
import * as plain from './patterns';

/** Regular expressions in both dialects. */
export interface PatternSet {
  name: string;
  prefilter: readonly PrefilterPattern[];
  posix: readonly string[];
  /** How much of the log grep is given: with the playbooks' it needs half an hour for a GiB. */
  grepBytes: number;
  /** How often each measurement is taken. */
  rounds: number;
}

export const patternSets: readonly PatternSet[] = [
  {
    name: 'plain',
    prefilter: plain.prefilterPatterns,
    posix: plain.posixPatterns,
    grepBytes: Infinity,
    rounds: 3,
  },
  {
    name: 'playbooks',
    prefilter: playbooks.prefilterPatterns(),
    posix: playbooks.posixPatterns(),
    grepBytes: 2 * 1024 ** 2,
    rounds: 1,
  },
];

export function setNamed(name: string): PatternSet {
  const set = patternSets.find((each) => each.name === name);
  if (!set) throw new Error(`No set of patterns is called ${name}.`);
  return set;
}
