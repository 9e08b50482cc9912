import type { CommandId } from './commandIds';

/**
 * A Markdown link that runs a command, whatever its arguments hold.
 * @param text Markdown
 * @param hint what is shown where the pointer rests on it; plain words without quotes
 */
export function commandLink(
  text: string,
  command: CommandId,
  given: readonly unknown[],
  hint = '',
): string {
  // A bracket would end the link, and is one of the few that the encoding leaves.
  const query = encodeURIComponent(JSON.stringify(given))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return `[${text}](command:${command}?${query}${hint && ` "${hint}"`})`;
}
