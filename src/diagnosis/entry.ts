import { Diagnoser, type Limits } from './diagnose';
import { Engine } from './engine';
import type { DiagnosisPorts } from './ports';

/** The diagnosis, as `warRoom.ts` loads it: its own bundle with LangGraph inside. */
export interface Diagnosis {
  engine: Engine;
  diagnoser: Diagnoser;
}

/** Builds the diagnosis over the other rooms. */
export function createDiagnosis(
  ports: DiagnosisPorts,
  options: { limits: () => Limits; workerScript: string },
): Diagnosis {
  const engine = new Engine(ports);
  return { engine, diagnoser: new Diagnoser(ports, engine, options) };
}
