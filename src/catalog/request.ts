import type { Program } from '../incident/program';
import type { CatalogueEntry } from './entry';

/** What the pool must know of a server; the shape of its own `ServerSpec`. */
export interface StartableServer {
  name: string;
  program: Program;
  args: readonly string[];
  environment: readonly string[];
  state: 'none' | 'session';
  hosts: readonly string[];
}

const placeholder = /\$\{(\w+)\}/g;

/**
 * An entry as a prompt wants it. Arguments hold `${VARIABLE}` and no secret; the pool puts the
 * values in for the program alone.
 */
export function specOf(entry: CatalogueEntry): StartableServer {
  const { name, program, args, environment, state, hosts } = entry;
  return { name, program, args, environment: environment.map((each) => each.name), state, hosts };
}

/**
 * An entry with its values, beside its arguments and not in them. An argument whose value is missing is left out, with the option before
 * it.
 * @param given values of declared variables; others are not handed on, an empty one is none
 */
export function startRequest(
  entry: CatalogueEntry,
  given: Readonly<Record<string, string | undefined>>,
): { spec: StartableServer; environment: Readonly<Record<string, string>> } {
  const environment = Object.fromEntries(
    entry.environment.flatMap(({ name, default: usual }) => {
      const value = given[name] || usual;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const spec = specOf(entry);
  return { spec: { ...spec, args: withValue(spec.args, environment) }, environment };
}

function withValue(args: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const result: string[] = [];
  for (const arg of args) {
    const names = [...arg.matchAll(placeholder)].map(([, name = '']) => name);
    if (names.every((name) => Object.hasOwn(values, name))) {
      result.push(arg);
    } else if (/^-[^=]*$/.test(result.at(-1) ?? '')) {
      result.pop();
    }
  }
  return result;
}
