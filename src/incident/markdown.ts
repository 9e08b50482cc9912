/** Text of a log or a person as Markdown that shows just that: no markup, HTML or link comes of it. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>|~]|&(?=#?\w{1,32};)|(?<!\w)_|_(?!\w)/g, '\\$&');
}

/** A block of text with a fence longer than any run of backticks inside, so that none can close it. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}
