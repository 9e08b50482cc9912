import type { Question } from '../../incident/analysis';
import type { Situation } from '../playbook';
import type { Reading } from '../read/reading';
import { isSafeName } from './facts';
import { commonGround, groundInWords, type Ground } from './ground';
import type { Weighed } from './hypotheses';
import { separatingQuestions } from './separate';

interface Asked {
  reading: Reading;
  weighed: readonly Weighed[];
}

/** First what tells the two best hypotheses apart, then what several failures share, then what confirms the best. */
export function questionsOf(
  { weighed, reading }: Asked,
  situation: Situation,
  confirming: readonly Question[],
): readonly Question[] {
  const separating = [
    ...separatingQuestions(weighed, reading, situation),
    ...askGround({ weighed, reading }),
  ];
  const same = (left: Question, right: Question): boolean =>
    left.tool === right.tool && isSame(left.arguments, right.arguments);
  return [
    ...separating,
    ...confirming.filter((question) => !separating.some((each) => same(each, question))),
  ];
}

function groundOf({ reading, weighed }: Asked): Ground | null {
  return commonGround(
    reading.picture,
    weighed.flatMap(({ findings }) => findings),
  );
}

function askGround(asked: Asked): Question[] {
  const ground = groundOf(asked);
  if (ground?.kind !== 'node' && ground?.kind !== 'zone') return [];
  const why = `${groundInWords(ground)}: a node that is not ready or under pressure explains them all`;
  return [{ server: 'kubectl', tool: 'list_nodes', arguments: {}, why }];
}

/** The command that shows what several failures have in common. */
export function describeGround(asked: Asked): string[] {
  const ground = groundOf(asked);
  return ground?.kind === 'node' && isSafeName(ground.value)
    ? [`kubectl describe node ${ground.value}`]
    : [];
}

function isSame(left: Question['arguments'], right: Question['arguments']): boolean {
  const sorted = (given: Question['arguments']): string =>
    JSON.stringify(Object.entries(given).sort(([a], [b]) => a.localeCompare(b)));
  return sorted(left) === sorted(right);
}
