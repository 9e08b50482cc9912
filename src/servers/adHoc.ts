import { WarRoomError } from '../base/errors';
import type { StartableServer } from '../catalog/request';
import type { Program } from '../incident/program';
import { programKey, type CatalogueEntry } from '../catalog/entry';

/** What a person says of a server that the catalogue does not know. */
export interface AdHocOptions {
  /** Arguments of its program. */
  args: readonly string[];
  /** Names of the variables that it gets. */
  environment: readonly string[];
  /** What it must reach, as `host:port` or `${VARIABLE}`; none: no network. */
  hosts: readonly string[];
}

export const noOptions: AdHocOptions = { args: [], environment: [], hosts: [] };

/** A package with its version, or without one for the newest. */
const packageName = /^(?<name>(?:@[\w.~-]+\/)?[\w.~-]+)(?:@(?<version>[\w.+-]+))?$/;
const newest = 'latest';

/**
 * The program that a name means: `npm:NAME[@VERSION]`, `pypi:NAME[@VERSION]`, `IMAGE@sha256:…`; a
 * name without a kind is a package of npm. The version of one without is `latest`.
 * @throws code `wrong-usage` for an image without a digest, and for what is no name
 */
export function programNamed(text: string): Program {
  if (/@sha256:[0-9a-f]{64}$/.test(text)) return { kind: 'oci', image: text };
  const [, kind = 'npm', rest = text] = /^(npm|pypi):(.+)$/.exec(text) ?? [];
  const { name, version = newest } = packageName.exec(rest)?.groups ?? {};
  if (name === undefined) {
    throw new WarRoomError(
      'wrong-usage',
      `${text} names no server: give a name of the catalogue, npm:NAME@VERSION, pypi:NAME@VERSION, or an image with its digest (IMAGE@sha256:…).`,
    );
  }
  const known = { package: name, version, integrity: null };
  return kind === 'pypi'
    ? { kind: 'pypi', ...known, command: null }
    : { kind: 'npm', ...known, bin: null };
}

/** The entry of the same program, unless another version of it is meant. */
export function entryOfProgram(
  entries: readonly CatalogueEntry[],
  program: Program,
): CatalogueEntry | undefined {
  const version = 'version' in program ? program.version : newest;
  return entries.find(
    (entry) =>
      programKey(entry.program) === programKey(program) &&
      (version === newest || ('version' in entry.program && entry.program.version === version)),
  );
}

/** An entry for a program that the catalogue does not know: nothing is taken for granted of it. */
export function adHocEntry(
  program: Program,
  publisher: string | null,
  { args, environment, hosts }: AdHocOptions,
): CatalogueEntry {
  const name = nameOf(program);
  return {
    name,
    title: name,
    purpose: 'Named by a person.',
    keywords: [],
    categories: [],
    program,
    args,
    publisher: publisher ?? 'unknown',
    official: false,
    state: 'session',
    environment: environment.map((variable) => ({
      name: variable,
      description: '',
      required: true,
      secret: true,
    })),
    hosts,
    tools: [],
    looks: [],
    needsBuild: false,
    origin: 'own',
    releasedOn: null,
    provenance: { startedOn: null, transcript: null, notStarted: null },
  };
}

/**
 * What a known server gets stands in its entry; more would be left out without a word.
 * @throws code `wrong-usage` for what it does not declare
 */
export function requireDeclared(
  { name, environment }: Pick<StartableServer, 'name' | 'environment'>,
  more: AdHocOptions = noOptions,
): void {
  const undeclared = [
    ...more.environment.filter((variable) => !environment.includes(variable)),
    ...more.hosts,
    ...more.args,
  ];
  if (undeclared.length === 0) return;
  throw new WarRoomError(
    'wrong-usage',
    `${name} is in the catalogue and gets only what is declared there, so nothing was started: leave ${undeclared.join(', ')} out, or name a version of the package that the catalogue does not have.`,
  );
}

/** Short, as a container may be called. */
function nameOf(program: Program): string {
  const text =
    'package' in program
      ? program.package
      : 'image' in program
        ? program.image.replace(/@.*$/, '')
        : 'server';
  return text
    .replace(/^.*\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-');
}
