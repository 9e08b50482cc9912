import { join } from 'node:path';

/** The folder of a person's docker settings: `config.json`, contexts, certificates. */
export function dockerFolder({
  environment,
  home,
}: {
  environment: Readonly<Record<string, string | undefined>>;
  home: string;
}): string {
  return environment['DOCKER_CONFIG'] || join(home, '.docker');
}
