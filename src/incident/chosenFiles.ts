import { WarRoomError } from '../base/errors';
import type { Proposal } from './proposal';

/** The proposal with what a person had left out of it. */
export function wholeProposal({ leftOut, ...proposal }: Proposal): Proposal {
  return { ...proposal, files: [...proposal.files, ...(leftOut ?? [])] };
}

/**
 * The proposal with the files that a person chose; the others are kept as left out.
 * @param paths relative to the repository's root; null chooses all
 * @throws code `wrong-usage` when nothing is chosen, or a file that the proposal does not change
 */
export function chosenOf(given: Proposal, paths: readonly string[] | null): Proposal {
  const proposal = wholeProposal(given);
  if (paths === null) return proposal;
  const proposed = proposal.files.map(({ path }) => path);
  const unknown = paths.find((path) => !proposed.includes(path));
  if (paths.length === 0 || unknown !== undefined) {
    const what = unknown === undefined ? 'No file was chosen' : `${unknown} is not proposed`;
    throw new WarRoomError(
      'wrong-usage',
      `${what}, so nothing was changed; choose of ${proposed.join(', ')}.`,
    );
  }
  const files = proposal.files.filter(({ path }) => paths.includes(path));
  const leftOut = proposal.files.filter(({ path }) => !paths.includes(path));
  return { ...proposal, files, ...(leftOut.length > 0 ? { leftOut } : {}) };
}
