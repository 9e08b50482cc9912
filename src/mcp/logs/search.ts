import { runInNewContext } from 'node:vm';

import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';

const deadlineMs = 1_000;
/** A longer line is searched up to here. */
const mostLineLength = 16_384;

/**
 * Positions of the lines that a regular expression matches. A pattern that would run for ever is
 * stopped after a second, which nothing but a context of its own can do in one thread.
 * @throws ToolError when the pattern is none, or takes too long
 */
export function matchLines(lines: readonly string[], pattern: string): number[] {
  const expression = compile(pattern);
  const searched = lines.map((line) => line.slice(0, mostLineLength));
  try {
    const code = 'lines.flatMap((line, position) => (expression.test(line) ? [position] : []))';
    return [
      ...(runInNewContext(
        code,
        { lines: searched, expression },
        { timeout: deadlineMs },
      ) as number[]),
    ];
  } catch (error) {
    throw new ToolError(
      `The pattern took longer than ${deadlineMs / 1000} s and was stopped: use one without nested repetition, for example error|timeout.`,
      { cause: error },
    );
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    try {
      // The strict grammar refuses needless escapes that people write, such as \-.
      return new RegExp(pattern);
    } catch (error) {
      throw new ToolError(`The pattern is no regular expression: ${messageOf(error)}.`);
    }
  }
}
