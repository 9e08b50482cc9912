import { isLoopback } from '../../base/loopback';
import type { AskedTags } from '../imageTags';
import { isTag } from '../imageReference';
import { refusal } from './edits';

/**
 * Whether a registry lists a tag: `unknown` where it was not asked, was not heard, or said not all, and
 * for one with a digest behind it, which no list holds.
 */
export function whether(asked: AskedTags | undefined, tag: string): 'there' | 'gone' | 'unknown' {
  if (asked?.answer.kind !== 'listed' || !isTag(tag)) return 'unknown';
  const { tags, isComplete } = asked.answer;
  if (tags.includes(tag)) return 'there';
  return isComplete ? 'gone' : 'unknown';
}

/** What a registry's answer adds to what is said of a proposal. */
export interface RegistryWord {
  reason: string;
  warnings: readonly string[];
}

/** What is said of a tag that is proposed: that the registry has it, or why that is not known. */
export function wordOf(asked: AskedTags | undefined, tag: string): RegistryWord {
  if (!asked || asked.answer.kind === 'unasked' || !isTag(tag)) return { reason: '', warnings: [] };
  const { registry } = asked.image;
  const { answer } = asked;
  if (whether(asked, tag) === 'there') {
    return { reason: ` ${registry} was asked and has it.`, warnings: whereWarnings(asked) };
  }
  const why =
    answer.kind === 'unheard'
      ? `${registry} was asked and not heard: ${answer.why}`
      : `of its tags, more than the ${answer.tags.length} that were read, it was not seen`;
  return { reason: '', warnings: [`Whether ${registry} has ${tag} is not known (${why}).`] };
}

/**
 * Throws where the registry has the tag that failed: then it is not what is missing.
 * @param path of the value, for the sentence
 */
export function requireMissing(asked: AskedTags | undefined, tag: string, path: string): void {
  if (!asked || whether(asked, tag) !== 'there') return;
  const here = isOnThisMachine(asked) ? ' (on this machine; a node’s own may be another)' : '';
  throw refusal(
    `${path} names the tag ${tag}, and ${asked.image.registry}${here} was asked and has it, so it was left as it is: it was pushed since, or the nodes ask another registry, or it has no image for their processor; see what the pull fails of now.`,
  );
}

/** Said where a registry's answer is used that the nodes may not get. */
export function whereWarnings(asked: AskedTags): string[] {
  return isOnThisMachine(asked)
    ? [
        `${asked.image.registry} was asked on this machine: see that it is the registry that the nodes pull from.`,
      ]
    : [];
}

function isOnThisMachine({ image }: AskedTags): boolean {
  return isLoopback(image.registry.replace(/:\d+$/, ''));
}
