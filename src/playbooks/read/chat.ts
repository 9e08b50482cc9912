import { formOf } from './form';
import { levelOf } from './level';
import { opensError } from './stackTrace';

/** `[10:02] maria: …`: people give no seconds. */
const said = /^\[\d{1,2}:\d\d\] <?@?([\w.-]+)>?: (\S.*)$/;
const question = /\?["'”)]?$/;
const few = 3;

/**
 * The lines of a chat, most of a text: several people speak, and somebody asks. A log with the
 * minute and the program's name looks the same but asks nothing.
 */
export function chatLines(texts: readonly string[]): number[] {
  const written = texts.filter((text) => text.trim() !== '');
  if (written.some((text) => formOf(text) !== '')) return [];
  const lines = texts.flatMap((text, at) => {
    const [, who = '', words = ''] = said.exec(text) ?? [];
    return words === '' ? [] : [{ at, who, words }];
  });
  const people = new Set(lines.map(({ who }) => who));
  const isChat =
    lines.length >= Math.max(few, written.length * 0.6) &&
    people.size > 1 &&
    lines.some(({ words }) => question.test(words));
  if (!isChat) return [];
  return lines.flatMap(({ at, words }) =>
    levelOf(words) === null && !opensError(words) ? [at] : [],
  );
}
