import { WarRoomError, messageOf } from '../base/errors';
import { WarRoom } from '../warRoom';
import { fail } from './diagnose';
import { terminalHost } from './host';
import { exitStatus } from './result';

/** What `war-room call` was given. */
export interface CallOptions {
  runtime: string;
  json?: boolean;
}

/** `war-room call SERVER TOOL [JSON]`: one call of one tool; a tool that answers an error is a failure. */
export async function call(
  server: string,
  tool: string,
  json: string,
  options: CallOptions,
  signal: AbortSignal,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(process.cwd(), false));
  try {
    if (options.runtime !== 'process') {
      throw new WarRoomError(
        'wrong-usage',
        `There is no runtime "${options.runtime}" yet; leave --runtime out, or say process.`,
      );
    }
    const answer = await warRoom.call(server, tool, argumentsOf(json), signal);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(answer.structured ?? { text: answer.text })}\n`);
    } else {
      (answer.isError ? process.stderr : process.stdout).write(`${answer.text}\n`);
    }
    return answer.isError ? exitStatus.failure : exitStatus.done;
  } catch (error) {
    return fail(error, options.json === true);
  } finally {
    await warRoom.close();
  }
}

function argumentsOf(json: string): Readonly<Record<string, unknown>> {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (error) {
    throw new WarRoomError('wrong-usage', `The arguments are not JSON: ${messageOf(error)}.`);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new WarRoomError('wrong-usage', 'The arguments must be a JSON object.');
  }
  return { ...given };
}
