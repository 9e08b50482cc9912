/**
 * True for two tags that differ only in how they are written: `v1.4.2` and `1.4.2`, `RC1` and `rc1`,
 * `_` and `-`, and a letter that looks like a digit: `1.4.O` and `1.4.0`.
 */
export function isSpelledLike(one: string, other: string): boolean {
  return spelling(one) === spelling(other);
}

function spelling(tag: string): string {
  return tag
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replaceAll('_', '-')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
}

/** A few tags that a person may have meant, and by which rule they were found. */
export interface Nearest {
  tags: readonly string[];
  rule: string;
}

const most = { below: 3, above: 2, alike: 5 };

/**
 * The tags of a registry that are nearest to one that it does not have. Of a version: those of
 * exactly its form, the highest not above it first. Of anything
 * else, and where no version has the form: those that begin alike.
 */
export function nearestTags(wanted: string, all: readonly string[]): Nearest {
  const others = all.filter((tag) => tag !== wanted);
  const versions = isVersion(wanted)
    ? others.filter((tag) => formOf(tag) === formOf(wanted)).toSorted(byNumbers)
    : [];
  if (versions.length > 0) {
    const below = versions.filter((tag) => byNumbers(tag, wanted) <= 0).toReversed();
    const above = versions.filter((tag) => byNumbers(tag, wanted) > 0);
    const tags = [...below.slice(0, most.below), ...above.slice(0, most.above)];
    return { tags, rule: `of the same form as ${wanted}, the highest below it first` };
  }
  const alike = others
    .map((tag) => ({ tag, length: commonLength(tag, wanted) }))
    .filter(({ length }) => length >= shortestBeginning)
    .toSorted((one, other) => other.length - one.length || (one.tag < other.tag ? -1 : 1));
  return {
    tags: alike.slice(0, most.alike).map(({ tag }) => tag),
    rule: `that begin most like ${wanted}`,
  };
}

/** A shorter one is chance. */
const shortestBeginning = 3;

function isVersion(tag: string): boolean {
  return /^v?\d+(?:\.\d+)+/i.test(tag) || /^v?\d+$/i.test(tag);
}

/** `#.#.#-alpine#.#` of `1.4.2-alpine3.18`. */
function formOf(tag: string): string {
  return tag.replace(/\d+/g, '#');
}

/** Compares two tags of one form by their numbers, the first first. */
function byNumbers(one: string, other: string): number {
  const [left, right] = [one, other].map((tag) => (tag.match(/\d+/g) ?? []).map(BigInt));
  for (const [index, number] of (left ?? []).entries()) {
    const against = right?.[index] ?? 0n;
    if (number !== against) return number < against ? -1 : 1;
  }
  return 0;
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
