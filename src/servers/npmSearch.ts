import path from 'node:path';

import type { PackageSearch } from '../catalog/sources/npmSearch';
import type { SearchAnswer, SearchQuestion } from '../npm/searchScript';
import { askScript } from '../pool/runtimes/askScript';

const deadlineMs = 60_000;

/** Searches npm's registry with the settings of this person. @param bundles folder of the scripts */
export function npmSearchIn(bundles: string): PackageSearch {
  return async (text, signal) => {
    const question: SearchQuestion = { text };
    const script = path.join(bundles, 'npmSearch.js');
    const answer = await askScript('The search of npm', script, question, deadlineMs, signal);
    const { packages, failed } = answer as SearchAnswer;
    if (packages) return packages;
    throw new Error(failed ?? 'its answer was not understood');
  };
}
