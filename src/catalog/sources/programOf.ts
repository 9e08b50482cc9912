import type { Program } from '../../incident/program';

/** What a command line of somebody's `mcp.json` starts. */
export interface RecognisedProgram {
  program: Program;
  args: readonly string[];
  /** Values that the command line itself gives to variables. */
  values: Readonly<Record<string, string>>;
}

type Recognise = (args: readonly string[]) => RecognisedProgram | null;

/** Commands that fetch a program and run it, by the name of their file. */
const launchers: Readonly<Record<string, Recognise>> = {
  npx: npx,
  uvx: uvx,
  docker: containerRun,
  podman: containerRun,
};

/**
 * What a command runs: an npm package, a PyPI package or an image where the command only fetches
 * and starts it, else the command itself. What would lose its meaning in a container of ours, such
 * as a mounted folder, stays the command that it is.
 * @param folder where that starts, absolute
 */
export function programOf(
  command: string,
  args: readonly string[],
  folder: string,
): RecognisedProgram {
  const file = command.split(/[\\/]/).at(-1) ?? command;
  const name = file.replace(/\.(?:cmd|exe|ps1)$/i, '').toLowerCase();
  const recognise = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
  return recognise?.(args) ?? { program: { kind: 'command', command, folder }, args, values: {} };
}

/** `npx -y PACKAGE@VERSION ARGS`, `npx -p PACKAGE -- BIN ARGS`. */
function npx(args: readonly string[]): RecognisedProgram | null {
  const { flags, rest } = options(args, ['-p', '--package']);
  if (flags.some(([flag]) => !['-y', '--yes', '-q', '--quiet', '-p', '--package'].includes(flag))) {
    return null;
  }
  const packages = flags.flatMap(([flag, value]) =>
    flag === '-p' || flag === '--package' ? [value] : [],
  );
  if (packages.length > 1) return null;
  const [first, ...others] = rest;
  const named = packages[0] ?? first;
  const spec = named === undefined ? null : npmSpec(named);
  if (!spec) return null;
  const bin = packages.length === 1 ? (first ?? null) : null;
  return {
    program: { kind: 'npm', ...spec, integrity: null, bin },
    args: packages.length === 1 ? rest.slice(1) : others,
    values: {},
  };
}

function npmSpec(text: string): { package: string; version: string } | null {
  const match = /^((?:@[a-z0-9][\w.~-]*\/)?[a-z0-9][\w.~-]*)(?:@([\w.+~^-]+))?$/i.exec(text);
  return match?.[1] ? { package: match[1], version: match[2] ?? 'latest' } : null;
}

/** `uvx PACKAGE==VERSION ARGS`, `uvx --from PACKAGE COMMAND ARGS`. */
function uvx(args: readonly string[]): RecognisedProgram | null {
  const { flags, rest } = options(args, ['--from', '--python', '-p']);
  if (flags.some(([flag]) => !['--from', '--quiet', '-q', '--python', '-p'].includes(flag)))
    return null;
  const from = flags.find(([flag]) => flag === '--from')?.[1];
  const [first, ...others] = rest;
  const named = from ?? first;
  const match = /^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?(?:(?:==|@)([\w.+!-]+))?$/i.exec(named ?? '');
  if (!match?.[1] || first === undefined) return null;
  const command = from === undefined ? null : first;
  return {
    program: {
      kind: 'pypi',
      package: match[1],
      version: match[2] ?? 'latest',
      integrity: null,
      command: command === match[1] ? null : command,
    },
    args: others,
    values: {},
  };
}

const harmlessRunFlags = [
  '-i',
  '--interactive',
  '--rm',
  '--init',
  '-it',
  '-t',
  '--tty',
  '-e',
  '--env',
  '--pull',
  '--name',
  '-q',
  '--quiet',
];

/** `docker run -i --rm -e NAME=VALUE IMAGE ARGS`. */
function containerRun([verb, ...args]: readonly string[]): RecognisedProgram | null {
  if (verb !== 'run') return null;
  const { flags, rest } = options(args, ['-e', '--env', '--name', '--pull']);
  const [image, ...others] = rest;
  if (image === undefined || flags.some(([flag]) => !harmlessRunFlags.includes(flag))) return null;
  const values = flags.flatMap(([flag, value]) => {
    const set = flag === '-e' || flag === '--env' ? /^(\w+)=(.*)$/s.exec(value) : null;
    return set?.[1] ? [[set[1], set[2] ?? ''] as const] : [];
  });
  return { program: { kind: 'oci', image }, args: others, values: Object.fromEntries(values) };
}

/** Options up to the first word that is none, or to `--`. */
function options(
  args: readonly string[],
  withValue: readonly string[],
): { flags: readonly (readonly [flag: string, value: string])[]; rest: readonly string[] } {
  const flags: (readonly [string, string])[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') return { flags, rest: args.slice(index + 1) };
    if (!arg.startsWith('-') || arg === '-') return { flags, rest: args.slice(index) };
    const [, flag = arg, value] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (value !== undefined) flags.push([flag, value]);
    else if (withValue.includes(arg)) flags.push([arg, args[++index] ?? '']);
    else flags.push([arg, '']);
  }
  return { flags, rest: [] };
}
