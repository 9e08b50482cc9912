import type { Analysis } from '../../incident/analysis';
import { joinChanges } from '../../playbooks/engine/changes';
import type { DiagnosisPorts } from '../ports';
import { ruledOut } from '../objections';
import type { Run, Step } from '../run';
import { openQuestions } from './equip';
import { citedAnswers, sourceOf } from './looks';
import { withAnalysis } from './withAnalysis';

/** Further rounds of collecting that analyse may ask for. */
const furtherRounds = 2;

/** Names the root cause from all evidence, and what changed before it. */
export function analyse({ records, clock, judge }: DiagnosisPorts): Step {
  return async ({ id, changes, looks }, signal) => {
    const texts = await records.readEvidence(id);
    const looked = new Set(looks.map(sourceOf));
    const found = await judge(
      texts.filter(({ source }) => !looked.has(source)),
      { now: new Date(clock.now()), signal, not: ruledOut(await records.load(id)) },
    );
    const analysis: Analysis = {
      ...found,
      rootCause: found.rootCause && {
        ...found.rootCause,
        evidence: [...found.rootCause.evidence, ...citedAnswers(looks, texts)],
        changes: joinChanges(found.rootCause.changes, changes),
      },
    };
    await records.update(id, (incident) => ({
      ...withAnalysis(incident, analysis),
      state: 'analysing',
    }));
    return { analysis };
  };
}

/** From this confidence on no further look is worth its time. */
const sure = 0.8;

/** True while the evidence is not sure of a cause and there is a question that nobody has answered yet. */
export function asksAgain({
  analysis,
  rounds,
  asked,
}: Pick<Run, 'analysis' | 'rounds' | 'asked'>): boolean {
  return (
    analysis !== null &&
    analysis.verdict !== 'no-incident' &&
    (analysis.rootCause?.confidence ?? 0) < sure &&
    rounds <= furtherRounds &&
    openQuestions(analysis, asked).length > 0
  );
}
