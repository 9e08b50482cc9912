import { answerOneQuestion } from '../../../npm/answerOneQuestion';
import { npmFailure } from './npmFailure';
import { NpmPackage } from './npmPackage';
import type { NpmAnswer, NpmRequest } from './protocol';

/**
 * The script that asks npm's registry for a package. It is a process of its own: it can be ended at
 * any moment, and a large tree does not hold up the editor.
 */
answerOneQuestion(async ({ ask, program, target, folder }: NpmRequest): Promise<NpmAnswer> => {
  try {
    const resolved = await NpmPackage.resolve(program, target, folder);
    return ask === 'facts'
      ? { kind: 'facts', facts: resolved.facts }
      : { kind: 'package', fetched: await resolved.fetch() };
  } catch (error) {
    return { kind: 'failed', message: npmFailure(error, `${program.package}@${program.version}`) };
  }
});
