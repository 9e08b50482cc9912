import type { StartRequest } from './runtime';

const placeholder = /\$\{(\w+)\}/g;

/**
 * The arguments with the values of variables in them, secrets included: for the program alone. What
 * is shown, hashed, recorded or tried out holds those of the spec.
 */
export function filledArgs({
  spec,
  environment,
}: Pick<StartRequest, 'spec' | 'environment'>): readonly string[] {
  return spec.args.map((arg) =>
    arg.replace(placeholder, (written, name: string) =>
      Object.hasOwn(environment, name) ? (environment[name] ?? written) : written,
    ),
  );
}
