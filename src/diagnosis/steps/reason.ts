import { cleanLine } from '../../intake/clean';
import { maskText } from '../../intake/masking/mask';

/** Of what a server wrote, no more is looked at. */
const longestText = 64 * 1024;
const longestLine = 500;

/**
 * Why something could not be checked, as the incident keeps it: masked as a log is, since it may
 * hold what a server wrote, and one short line.
 */
export function reasonLine(reason: string): string {
  const lines = startAndEnd(reason, longestText).split('\n').map(cleanLine);
  const line = maskText(lines.join('\n')).replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
  return startAndEnd(line.trim(), longestLine);
}

/** What happened stands first, and what a program said last tells most of why. */
function startAndEnd(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half).trimEnd()} … ${text.slice(-half).trimStart()}`;
}
