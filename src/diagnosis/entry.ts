import { Diagnoser, type Limits } from './diagnose';
import { Engine } from './engine';
import { playbookJudge } from '../playbooks/judge';
import type { DiagnosisPorts } from './ports';

/** The diagnosis, as `warRoom.ts` loads it: its own bundle with LangGraph inside. */
export interface Diagnosis {
  engine: Engine;
  diagnoser: Diagnoser;
}

/** Builds the diagnosis over the other rooms. */
export function createDiagnosis(
  given: Omit<DiagnosisPorts, 'judge'>,
  options: { limits: () => Limits; workerScript: string; judgeScript: string },
): Diagnosis {
  const ports = { ...given, judge: playbookJudge(options.judgeScript) };
  const engine = new Engine(ports);
  return { engine, diagnoser: new Diagnoser(ports, engine, options) };
}
