import path from 'node:path';
import { Diagnoser, type Limits } from './diagnose';
import { Engine } from './engine';
import { playbookJudge } from '../playbooks/judge';
import type { DiagnosisPorts } from './ports';

/** The diagnosis, as `warRoom.ts` loads it: its own bundle with LangGraph inside. */
export interface Diagnosis {
  engine: Engine;
  diagnoser: Diagnoser;
}

/**
 * Builds the diagnosis over the other rooms.
 * @param options.bundles folder of the bundles, for the scripts of its worker threads
 */
export function createDiagnosis(
  given: Omit<DiagnosisPorts, 'judge'>,
  { limits, bundles }: { limits: () => Limits; bundles: string },
): Diagnosis {
  const ports = { ...given, judge: playbookJudge(path.join(bundles, 'judge.js')) };
  const engine = new Engine(ports);
  const options = { limits, workerScript: path.join(bundles, 'scan.js') };
  return { engine, diagnoser: new Diagnoser(ports, engine, options) };
}
