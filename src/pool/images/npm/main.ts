import { createInterface } from 'node:readline';

import { npmFailure } from './npmFailure';
import { NpmPackage } from './npmPackage';
import type { NpmAnswer, NpmRequest } from './protocol';

/**
 * The script that asks npm's registry. It is a process of its own: it can be ended at any moment,
 * and a large tree does not hold up the editor.
 */
function main(): void {
  const lines = createInterface({ input: process.stdin });
  // Whoever asked is gone, or no longer wants it.
  lines.on('close', () => process.exit(1));
  lines.once('line', (line) => {
    void answer(JSON.parse(line) as NpmRequest).then((last) =>
      process.stdout.write(`${JSON.stringify(last)}\n`, () => process.exit(0)),
    );
  });
}

async function answer({ ask, program, target, folder }: NpmRequest): Promise<NpmAnswer> {
  try {
    const resolved = await NpmPackage.resolve(program, target, folder);
    return ask === 'facts'
      ? { kind: 'facts', facts: resolved.facts }
      : { kind: 'package', fetched: await resolved.fetch() };
  } catch (error) {
    return { kind: 'failed', message: npmFailure(error, `${program.package}@${program.version}`) };
  }
}

main();
