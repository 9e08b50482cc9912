import type { Question } from '../../incident/analysis';
import { askDescribe, askPods } from '../commands';
import type { Situation } from '../playbook';
import type { Reading } from '../read/reading';
import type { Weighed } from './hypotheses';
import { judge, type Judged, type Look } from './predictions';

/** What asks for each kind of sight, in the order of its cost; a claim is told in its pod's description. */
const calls: readonly {
  look: Look;
  ask: (situation: Situation, why: string) => readonly Question[];
}[] = [
  { look: 'pods', ask: askPods },
  { look: 'peer', ask: askPods },
  { look: 'claims', ask: askDescribe },
  { look: 'description', ask: askDescribe },
];

/**
 * The cheapest read-only call that tells the two best hypotheses apart: it shows what one predicts
 * and the other does not, and nobody has seen yet. What each answer would mean is said in `why`,
 * before it is asked. Empty where no call does.
 */
export function separatingQuestions(
  [first, second]: readonly Weighed[],
  reading: Reading,
  situation: Situation,
): readonly Question[] {
  if (!first || !second) return [];
  const open = (weighed: Weighed): readonly Judged[] =>
    judge(
      weighed.playbook.category,
      reading,
      situation.app,
      weighed.findings.find(({ facts }) => facts.host)?.facts.host ?? null,
    ).filter(({ outcome, common }) => outcome === 'unobservable' && !common);
  const [left, right] = [open(first), open(second)];
  const candidates = [
    ...onlyIn(left, right).map((each) => ({ ...each, pro: first, contra: second })),
    ...onlyIn(right, left).map((each) => ({ ...each, pro: second, contra: first })),
  ];
  for (const { look, ask } of calls) {
    const candidate = candidates.find((each) => each.look === look);
    if (!candidate) continue;
    const [pro, contra] = [candidate.pro, candidate.contra].map((each) => each.playbook.category);
    const why = `tells ${pro} from ${contra}: ${candidate.says} speaks for ${pro}, its absence for ${contra}`;
    return ask(situation, why).slice(0, 1);
  }
  return [];
}

function onlyIn(own: readonly Judged[], other: readonly Judged[]): readonly Judged[] {
  return own.filter(({ says }) => !other.some((each) => each.says === says));
}
