/** Longest texts that are taken over from others. */
export const longest = { name: 64, title: 80, sentence: 240 } as const;

/**
 * Makes a text that others wrote fit to be shown in one line: no control characters, no marks that
 * change the direction of writing, no Markdown links, images or code, nothing beyond `most`
 * characters.
 */
export function plainText(text: string, most: number): string {
  const plain = text
    .slice(0, most * 8)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/!?\[([^\]]*)\]\[[^\]]*\]/g, '$1')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[`*<>[\]]/g, '')
    .replace(/(?<![\p{L}\p{N}_~])[_~]+|[_~]+(?![\p{L}\p{N}_~])/gu, '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...plain];
  if (characters.length <= most) return plain;
  const kept = characters.slice(0, most - 1).join('');
  return `${kept.replace(/[\s_~]+$/, '')}…`;
}

/** The first sentence of a text that others wrote. */
export function firstSentence(text: string, most: number = longest.sentence): string {
  const plain = plainText(text, most * 2);
  const end = /[.!?](?=\s+\p{Lu})/u.exec(plain);
  return plainText(end ? plain.slice(0, end.index + 1) : plain, most);
}

/** A name of ours for what others named: lower case letters, digits and `-`. */
export function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, longest.name)
      .replace(/^-+|-+$/g, '') || 'server'
  );
}
