#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { again, type AgainOptions } from './cli/again';
import {
  accept,
  push,
  record,
  reject,
  revert,
  type AcceptOptions,
  type DecideOptions,
} from './cli/decide';
import { call, type CallOptions } from './cli/call';
import { diagnose, type DiagnoseOptions } from './cli/diagnose';
import { fail } from './cli/diagnose';
import { addEval, evals, type AddCaseOptions, type EvalsOptions } from './cli/evals';
import { incidents, type IncidentsOptions } from './cli/incidents';
import { pool, type PoolOptions } from './cli/pool';
import type { PushOptions } from './cli/push';
import { exitStatus } from './cli/result';
import { verify, type VerifyOptions } from './cli/verify';
import { WarRoomError } from './base/errors';

/** The bundled servers, each of which runs alone over standard input and output. */
const servers = {
  stats: () => import('./mcp/stats/server'),
  kubectl: () => import('./mcp/kubectl/server'),
  logs: () => import('./mcp/logs/server'),
};

const pullRequestHelp = 'push it as war-room/<id> and open a pull request, with gh if it is there';

async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  // A reader that goes away, like `head`, must not end us in the middle of a commit.
  process.stdout.on('error', () => undefined);
  const program = new Command('war-room')
    .description('Turns an error log into a reviewed, committed fix of your Helm values.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const ends = (status: Promise<number>) => status.then((code) => void (process.exitCode = code));
  const here = process.cwd();

  program
    .command('diagnose')
    .description('Name the root cause of a log, and propose the change that cures it')
    .argument('[file...]', 'logs; "-" or none is standard input')
    .option('--evidence <dir>', 'folder of further text files: describe, events, previous logs …')
    .option('--workspace <dir>', 'where the Helm values are', here)
    .option('--values <file>', 'the values file that is meant, relative to the repository')
    .option('--json', 'print one JSON object')
    .option('--model <name>', 'the model that helps the playbooks: none or anthropic', 'none')
    .option('--yes', 'approve a change of files and commit it; never an action in the cluster')
    .option('--allow-start', 'allow the start of servers that were never run here, this once')
    .option('--new', 'a new incident even when the same one is open')
    .option('--no-pool', 'start no MCP server')
    .option('--verbose', 'say on standard error what happens')
    .action((files: string[], options: DiagnoseOptions) => {
      requireModel(options.model);
      return ends(diagnose(files, options, stop.signal));
    });

  program
    .command('accept')
    .description('Apply and stage the change that waits, or commit it')
    .argument('<id>', 'the incident')
    .option('--file <path>', 'of several files only this one; repeatable', collected, [])
    .option(
      '--value <key=value>',
      'a value in place of the proposed one; repeatable',
      collected,
      [],
    )
    .option('--commit', 'commit it with the incident')
    .option('--own-branch', 'commit it on war-room/<id>')
    .option('--push', 'push the commit')
    .option('--pull-request', pullRequestHelp)
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: AcceptOptions) => ends(accept(id, options, stop.signal)));

  program
    .command('push')
    .description('Push the commit of an incident')
    .argument('<id>', 'the incident')
    .option('--own-branch', 'as war-room/<id>, wherever it was committed')
    .option('--pull-request', pullRequestHelp)
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: DecideOptions & PushOptions) =>
      ends(push(id, options, stop.signal)),
    );

  program
    .command('revert')
    .description('Take a committed fix back with a new commit that says why')
    .argument('<id>', 'the incident')
    .requiredOption('--reason <text>', 'why the fix was not the right one')
    .option('--expected <text>', 'what would have been right')
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: DecideOptions & { reason: string; expected?: string }) =>
      ends(revert(id, options)),
    );

  program
    .command('record')
    .description('Commit how an incident ended into its folder, and nothing else')
    .argument('<id>', 'the incident')
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: DecideOptions) => ends(record(id, options)));

  program
    .command('again')
    .description('Diagnose an incident again with what you say against the answer')
    .argument('<id>', 'the incident')
    .requiredOption('--note <text>', 'what is not right: "not this because …"')
    .option('--cause', 'the cause is the wrong one: it is ruled out, and not only the change')
    .option('--model <name>', 'the model that helps the playbooks: none or anthropic', 'none')
    .option('--no-pool', 'start no MCP server')
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: AgainOptions) => {
      requireModel(options.model);
      return ends(again(id, options, stop.signal));
    });

  program
    .command('reject')
    .description('Close what waits, with the reason')
    .argument('<id>', 'the incident')
    .requiredOption('--reason <text>', 'why the change is not the right one')
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: DecideOptions & { reason: string }) => ends(reject(id, options)));

  program
    .command('verify')
    .description('Look whether the committed change is live, and whether it helped')
    .argument('<id>', 'the incident')
    .option('--wait', 'look again until that is decided')
    .option('--rolled-out', 'you know that the change is live: watch the service from now on')
    .option('--resolved', 'close the incident, whatever can be seen')
    .option('--workspace <dir>', 'the repository', here)
    .option('--json', 'print one JSON object')
    .action((id: string, options: VerifyOptions) => ends(verify(id, options, stop.signal)));

  program
    .command('incidents')
    .description('The stored incidents of the repository, or one of them')
    .argument('[id]', 'the incident')
    .option('--workspace <dir>', 'the repository', here)
    .option('--recorded', 'those that the history of git tells of, also of others')
    .option('--json', 'print JSON')
    .action((id: string | undefined, options: IncidentsOptions) => ends(incidents(id, options)));

  program
    .command('call')
    .description('Lease a server, call one of its tools, give it back')
    .argument(
      '<server>',
      'a name of the catalogue, npm:NAME@VERSION, pypi:NAME@VERSION, or IMAGE@sha256:…',
    )
    .argument('[tool]', 'the tool')
    .argument('[json]', 'its arguments as a JSON object', '{}')
    .option('--runtime <name>', 'where the server runs: auto, process or docker', 'auto')
    .option('--allow-start', 'allow the start of a server that was never run here, this once')
    .option('--stdio', 'serve it to another MCP client over standard input and output')
    .option('--env <name>', 'a variable that it gets, or NAME=VALUE; repeatable', collected, [])
    .option('--host <host:port>', 'what it must reach; else no network; repeatable', collected, [])
    .option('--arg <text>', 'an argument of its program; repeatable', collected, [])
    .option('--json', 'print the structured answer')
    .option('--verbose', 'say on standard error what happens')
    .action((server: string, tool: string | undefined, json: string, options: CallOptions) =>
      ends(call(server, tool, json, options, stop.signal)),
    );

  program
    .command('pool')
    .description('The MCP servers that run')
    .option('--watch', 'print again every 2 s')
    .option('--json', 'print JSON')
    .action((options: PoolOptions) => ends(pool(options, stop.signal)));

  const cases = program
    .command('evals')
    .description('Diagnose labelled cases of your own offline, and say how many were right')
    .option('--cases <dir>', 'folder of the cases; by default with the stored incidents')
    .option('--json', 'print JSON')
    .action((options: EvalsOptions) => ends(evals(options)));
  cases
    .command('add')
    .description('Keep the evidence of an incident, or files, masked, as a case with its label')
    .argument('<what...>', 'an incident, or files')
    .requiredOption(
      '--category <name>',
      'what is right: a category, no-incident or insufficient-evidence',
    )
    .option('--app <name>', 'the application that is right')
    .option('--proof <text>', 'a piece of a line that proves it; repeatable', collected, [])
    .option('--name <name>', 'what the case is called; by default the incident or the first file')
    .option('--workspace <dir>', 'the repository of the incident', here)
    .action((what: string[], _: unknown, command: Command) =>
      ends(addEval(what, command.optsWithGlobals<AddCaseOptions>(), stop.signal)),
    );

  program
    .command('mcp')
    .description('Run a bundled MCP server over standard input and output')
    .argument('<name>', Object.keys(servers).join(', '))
    .action(async (name: string) => {
      const start = Object.entries(servers).find(([known]) => known === name)?.[1];
      if (!start) {
        throw new WarRoomError(
          'wrong-usage',
          `There is no bundled server "${name}"; there are ${Object.keys(servers).join(', ')}.`,
        );
      }
      await start();
    });

  const json = argv.includes('--json');
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = failed(error, json);
  }
}

/** @throws code `wrong-usage` */
function requireModel(model: string): void {
  if (model !== 'none' && model !== 'anthropic') {
    const message = `There is no model "${model}"; say none or anthropic.`;
    throw new WarRoomError('wrong-usage', message);
  }
  if (model === 'anthropic' && !process.env['ANTHROPIC_API_KEY']) {
    const message =
      'There is no key for the Anthropic API, so nothing was done; set ANTHROPIC_API_KEY, or leave --model out.';
    throw new WarRoomError('wrong-usage', message);
  }
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Help and version are no failures; what commander refuses is wrong usage. */
function failed(error: unknown, json: boolean): number {
  if (!(error instanceof CommanderError)) return fail(error, json);
  if (error.exitCode === 0) return exitStatus.done;
  const message = error.message.replace(/^error: /, '');
  const asked = error.code === 'commander.help' ? 'Say what to do; see war-room --help.' : message;
  return fail(
    new WarRoomError('wrong-usage', `${asked.charAt(0).toUpperCase()}${asked.slice(1)}`),
    json,
  );
}

void main(process.argv);
