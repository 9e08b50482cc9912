import { messageOf } from '../base/errors';
import { answerOneQuestion } from './answerOneQuestion';
import { npmOptions } from './npmOptions';
import { searchPackages } from './searchPackages';

/** What is asked of the script. */
export interface SearchQuestion {
  text: string;
}

/** What it answers: either of the two. */
export interface SearchAnswer {
  /** As the registry says them, unchecked. */
  packages?: readonly unknown[];
  /** The reason, as an end of "did not answer: ". */
  failed?: string;
}

const deadlineMs = 60_000;

/**
 * The script that searches npm's registry. It is a process of its own, since the editor changes the
 * network modules of its extensions in ways that npm's libraries do not bear.
 */
answerOneQuestion(async ({ text }: SearchQuestion): Promise<SearchAnswer> => {
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    return { packages: await searchPackages(text, await npmOptions(), signal) };
  } catch (error) {
    return { failed: messageOf(error) };
  }
});
