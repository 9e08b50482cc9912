import type { Question } from '../../incident/analysis';
import type { Citation, EvidenceText } from '../../incident/evidence';

const citedLines = 3;

/** What the answer to a question is called among the evidence. */
export function sourceOf({ server, tool }: Pick<Question, 'server' | 'tool'>): string {
  return `mcp:${server}/${tool}`;
}

/** The lines of the answers that the questions name as worth citing. */
export function citedAnswers(
  looks: readonly Question[],
  texts: readonly EvidenceText[],
): readonly Citation[] {
  return looks.flatMap((look) => {
    const source = sourceOf(look);
    const lines = texts.filter((text) => text.source === source).flatMap((text) => text.lines);
    const expressions = (look.cites ?? []).map((pattern) => new RegExp(pattern));
    return lines
      .filter(({ text }) => expressions.some((expression) => expression.test(text)))
      .slice(0, citedLines)
      .map(({ number, text }) => ({ source, line: number, text }));
  });
}
