import type { Category } from '../../incident/category';

/** A failure as developers tell it in words of their own: one message holds all of `words`, in any order. */
export interface Wording {
  category: Category;
  words: readonly RegExp[];
  /** A message with this tells something else. */
  unless?: RegExp;
}

/** The wording of one category. */
export function tells(category: Category, words: readonly RegExp[], unless?: RegExp): Wording {
  return { category, words, ...(unless ? { unless } : {}) };
}

/** What one program says of another that it does not get through to. */
export const outOfReach =
  /\b(?:unreachable|unavailable|refus\w+|down|gone|lost|dead|away|dropped|offline|ECONNREFUSED|ETIMEDOUT)\b|\bnot (?:there|reachable|available|answer\w*|respond\w*|up|alive|connected)\b|n't (?:answer|respond|reach|connect|talk|open|up|there)|\b(?:can ?not|could not|unable to|failed to|fails? to) (?:\w+ )?(?:reach|connect|talk|open|get through|dial)|\bno (?:connection|answer|response|reply|route|contact|sign of)|\btimed? ?out\b|\bnobody (?:answers|home|listens)|\bdoes not (?:answer|respond|let us in)|\bsilent\b|\boffline\b|\bmarked dead\b|\bvanished\b|\bnever came up\b|\bserves nobody\b|\bnot one \w+ (?:of \d+ )?(?:answers|that listens)|\bno member we could reach\b|\b0 of \d+ \w+ answer\b|\bgives? up\b|\bgiving up on\b|\bclosed the socket\b|\bis off\b|\bis it running\b|\bloading its dataset\b|\bno broker is available\b|\bis not there\b|\b(?:connection|link|session) (?:\w+ ){0,3}(?:closed|broke\w*|lost|reset)/i;

/** An ordinary amount of time. */
export const duration =
  /\b\d+(?:[.,]\d+)? ?(?:ms|msec|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b|\bPT\d/i;

/** A file or folder by its path. */
export const path = /(?:^|[\s'"`(=:])\/[\w.-]+/;
