import type { AskedTags } from '../imageTags';
import { pathText } from '../yaml/keyPath';
import { hole, isText, refusal, sharingWarnings } from './edits';
import type { Fix } from './fix';
import type { ImagePlace } from './imagePlace';
import { isSpelledLike, nearestTags } from './imageTag';
import { whereWarnings } from './registryWord';

/**
 * The fix where the history knows no tag that is still there: a hole with those that the registry has
 * under another spelling, else with the nearest. Which of them is meant is never guessed.
 * @param gone tags of the history that the registry does not have any more
 * @throws code `values-ambiguous` where the registry tells nothing that helps
 */
export function fixFromRegistry(
  image: ImagePlace,
  gone: readonly string[],
  asked: AskedTags | undefined,
): Fix {
  const { place, now, why } = image;
  const known =
    gone.length > 0
      ? `of that image only tags that the registry does not list any more (${gone.join(', ')})`
      : 'no other tag of that image';
  const left = (more: string) =>
    refusal(
      `${pathText(place.keyPath)} is ${now}, and the history of this file holds ${known}, so it was left as it is: a tag is never invented; take one that the registry has.${more}`,
    );
  if (!asked) throw left('');
  const { answer } = asked;
  const { registry, name } = asked.image;
  if (answer.kind === 'unasked') {
    throw left(` Where the setting warRoom.askImageRegistry is on, ${registry} is asked for them.`);
  }
  if (answer.kind === 'unheard') throw left(` ${registry} was asked and not heard: ${answer.why}.`);
  const { tags, isComplete } = answer;
  const wanted = image.tagIn(now);
  const alike = tags.filter((tag) => isSpelledLike(tag, wanted));
  const said = `${now} cannot run here; ${why}. The history of this file holds ${known}.`;
  const nearest =
    alike.length > 0
      ? { tags: alike, rule: `that differs from ${wanted} only in how it is written` }
      : nearestTags(wanted, tags);
  const counted = `${tags.length} ${tags.length === 1 ? 'tag' : 'tags'}`;
  const count = isComplete ? counted : `more than ${counted}`;
  if (nearest.tags.length === 0) {
    throw left(` ${registry} was asked: of its ${count} of ${name} none is like ${wanted}.`);
  }
  const asTyped = (tag: string) => {
    const text = image.withTag(tag);
    return place.style === 'plain' && !isText(text) ? `"${text}"` : text;
  };
  return {
    title: 'set image tag',
    edits: [hole(place.keyPath, place, `one of ${nearest.tags.map(asTyped).join(', ')}`)],
    reason: `${said} ${registry} was asked and has ${count} of ${name}, ${isComplete ? 'and not' : 'of those that were read none is'} ${wanted}. None is invented: type the one that is meant. ${nearest.rule[0]?.toUpperCase()}${nearest.rule.slice(1)}: ${nearest.tags.join(', ')}.`,
    formula: null,
    warnings: [...whereWarnings(asked), ...sharingWarnings([place])],
  };
}
