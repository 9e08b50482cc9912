import type { Program } from '../../incident/program';
import type { CatalogueEntry, Look, Variable } from '../entry';

/** What a person wrote down of a server; the rest was recorded from a real start. */
export interface Description extends Omit<
  CatalogueEntry,
  'origin' | 'tools' | 'provenance' | 'needsBuild' | 'program' | 'args' | 'environment' | 'looks'
> {
  program: Program;
  args?: readonly string[];
  environment?: readonly Variable[];
  looks?: readonly Look[];
  needsBuild?: true;
}

/** A package of the npm registry. */
export function npm(
  name: string,
  version: string,
  integrity: string,
  bin: string | null = null,
): Program {
  return { kind: 'npm', package: name, version, integrity, bin };
}

/** A package of PyPI. @param integrity of all its files, one after the other */
export function pypi(
  name: string,
  version: string,
  integrity: string,
  command: string | null = null,
): Program {
  return { kind: 'pypi', package: name, version, integrity, command };
}

type Options = Partial<Pick<Variable, 'default' | 'isEndpoint' | 'isFile' | 'mint'>>;

/** A variable without which the server does not start or can do nothing. */
export function needs(name: string, description: string, options: Options = {}): Variable {
  return { name, description, required: true, secret: false, ...options };
}

/** The same, for a value that must not be shown. */
export function needsSecret(name: string, description: string, options: Options = {}): Variable {
  return { ...needs(name, description, options), secret: true };
}

export function takes(name: string, description: string, options: Options = {}): Variable {
  return { ...needs(name, description, options), required: false };
}

export function takesSecret(name: string, description: string): Variable {
  return { ...takes(name, description), secret: true };
}

/** A value that War Room sets where the person says nothing else. */
export function sets(name: string, value: string, description: string): Variable {
  return takes(name, description, { default: value });
}

type Asked = Pick<Look, 'keywords' | 'tool' | 'why'> & Partial<Look>;

/**
 * A question for incidents with one of the keywords or of one of the categories. Where it does not
 * say which lines of the answer are worth citing, the first that say something are.
 */
export function look(asked: Asked): Look {
  return { categories: [], arguments: {}, cites: ['\\w'], ...asked };
}
