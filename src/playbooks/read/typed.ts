/** What somebody typed behind a prompt. */
const prompt = /^(?:\$|[\w.-]{1,40}@[\w.-]{1,60}:[^\s$#]{0,120}[$#]) \S/;

/** In the capture of a terminal the output may stand right behind the command or the prompt. */
const output = /\b(?:error|fatal|failed|panic)\b ?:/i;

/** A line of a program's help, with what its option does. */
const optionHelp =
  /^\s+(?:-\w,? )?--[\w-]+(?:[ =](?:<[\w-]+>|\[?[\w-]+\]?))?\s{2,}|^\s{2,}--[\w-]{8,60} [a-z]/;

/** True of lines in a pasted terminal that tell of no event: a command line, an option's help. */
export function isTyped(text: string): boolean {
  return (prompt.test(text) && !output.test(text)) || optionHelp.test(text);
}
