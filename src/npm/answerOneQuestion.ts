import { createInterface } from 'node:readline';

/**
 * The main of a script that answers one question: a line of JSON comes on its standard input, and
 * its answer is one on its standard output. It ends when whoever asked is gone or closes the input.
 */
export function answerOneQuestion<Question>(
  answer: (question: Question) => Promise<unknown>,
): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => process.exit(1));
  lines.once('line', (line) => {
    void answer(JSON.parse(line) as Question).then((last) =>
      process.stdout.write(`${JSON.stringify(last)}\n`, () => process.exit(0)),
    );
  });
}
