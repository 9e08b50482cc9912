import { WarRoomError, messageOf } from '../base/errors';
import type { LeaveRequest } from '../incident/leave';
import { WarRoom } from '../warRoom';
import { fail } from './diagnose';
import { terminalHost } from './host';
import { askLeave } from './leave';
import { questionFor } from './questionFor';
import { exitStatus } from './result';

/** What `war-room call` was given. */
export interface CallOptions {
  runtime: string;
  allowStart?: boolean;
  stdio?: boolean;
  json?: boolean;
  verbose?: boolean;
  env: readonly string[];
  host: readonly string[];
  arg: readonly string[];
}

const callDeadlineMs = 60_000;
/** A lease that serves another client ends when that one asks for nothing. */
const idleMs = 10 * 60_000;
const runtimes = ['auto', 'process', 'docker'] as const;

/**
 * `war-room call SERVER TOOL [JSON]`: one call of one tool; a tool that answers an error is a
 * failure. With `--stdio` the server is served to another MCP client instead.
 */
export async function call(
  server: string,
  tool: string | undefined,
  json: string,
  options: CallOptions,
  signal: AbortSignal,
): Promise<number> {
  const given = Object.fromEntries(
    options.env
      .map(variable)
      .flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ) as Record<string, string>;
  const host = terminalHost(process.cwd(), options.verbose === true, given);
  const warRoom = new WarRoom(host);
  try {
    const lease = (stop: AbortSignal) =>
      warRoom.servers.leaseNamed(server, namedLease(options, stop), stop);
    if (options.stdio) {
      const { serveLease } = await import('../pool/stdioServer');
      await serveLease({ lease, questionFor, clock: host.clock, idleMs, signal });
      return exitStatus.done;
    }
    if (tool === undefined) {
      throw new WarRoomError('wrong-usage', 'Name the tool to call, or say --stdio.');
    }
    return await callOnce(await leaseFor(lease, json, signal), tool, options, signal);
  } catch (error) {
    return fail(error, options.json === true);
  } finally {
    await warRoom.close();
  }
}

type Leased = Awaited<ReturnType<WarRoom['servers']['leaseNamed']>>;

/** The arguments are looked at first, so that nothing is started for wrong ones. */
async function leaseFor(
  lease: (signal: AbortSignal) => Promise<Leased>,
  json: string,
  signal: AbortSignal,
): Promise<Leased & { arguments: Readonly<Record<string, unknown>> }> {
  const parsed = argumentsOf(json);
  return { ...(await lease(signal)), arguments: parsed };
}

async function callOnce(
  { server, lease, arguments: parsed }: Awaited<ReturnType<typeof leaseFor>>,
  tool: string,
  { json }: CallOptions,
  signal: AbortSignal,
): Promise<number> {
  try {
    const answer = await lease.call(server, tool, parsed, { deadlineMs: callDeadlineMs, signal });
    if (json) {
      process.stdout.write(`${JSON.stringify(answer.structured ?? { text: answer.text })}\n`);
    } else {
      (answer.isError ? process.stderr : process.stdout).write(`${answer.text}\n`);
    }
    return answer.isError ? exitStatus.failure : exitStatus.done;
  } finally {
    lease.release();
  }
}

function namedLease({ runtime, allowStart, env, host, arg }: CallOptions, signal: AbortSignal) {
  const known = runtimes.find((name) => name === runtime);
  if (!known) {
    throw new WarRoomError(
      'wrong-usage',
      `There is no runtime "${runtime}"; there are ${runtimes.join(', ')}.`,
    );
  }
  return {
    runtime: known,
    adHoc: { args: arg, hosts: host, environment: env.map((each) => variable(each)[0]) },
    askLeave: (request: LeaveRequest) =>
      allowStart ? Promise.resolve('once' as const) : askLeave(request, signal),
    onProgress: (sentence: string) => {
      if (process.stderr.isTTY) process.stderr.write(`${sentence}\n`);
    },
  };
}

/** `NAME` or `NAME=VALUE`. */
function variable(text: string): [name: string, value: string | undefined] {
  const [name = '', value] = text.split(/=(.*)/s, 2);
  return [name, value];
}

function argumentsOf(json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new WarRoomError('wrong-usage', `The arguments are not JSON: ${messageOf(error)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WarRoomError('wrong-usage', 'The arguments must be a JSON object.');
  }
  return { ...value };
}
