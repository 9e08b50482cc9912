import type { DiagnosisPorts } from '../ports';
import { questionKey, type Run, type Step } from '../run';

/** Calls in one round; the servers that they need are leased together, three at most. */
const questionsPerRound = 4;

/** Chooses what to ask which server in this round. The bundled servers need no leave. */
export function equip({ records }: DiagnosisPorts): Step {
  return async ({ id, analysis, asked, useServers }) => {
    const open = openQuestions(analysis, asked);
    const questions = useServers ? open.slice(0, questionsPerRound) : [];
    await records.update(id, (incident) => ({ ...incident, state: 'equipping' }));
    return {
      questions,
      asked: [...asked, ...questions.map(questionKey)],
      unchecked:
        !useServers && open.length > 0
          ? ['No MCP server was asked, since the run was started without the pool.']
          : [],
    };
  };
}

/** What an analysis wants to know and no round has asked yet. */
export function openQuestions(analysis: Run['analysis'], asked: readonly string[]) {
  return (analysis?.questions ?? []).filter((question) => !asked.includes(questionKey(question)));
}
