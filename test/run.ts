import { exitOnSignals } from './harness/process';
import { isGreen, report, skipsAsFailures } from './harness/results';
import type { NamedResult, StageResult } from './harness/results';
import { rounds, stages } from './stages';
import type { Stage } from './stages';

/**
 * `npm test`: every stage, also after one that failed, and one report at the end. `npm test -- unit
 * ui` runs only the stages named.
 */
async function main(names: readonly string[]): Promise<void> {
  exitOnSignals();
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = stages.map((stage) => stage.name).join(', ');
    console.error(`There is no stage ${unknown.join(', ')}. The stages are: ${known}.`);
    process.exitCode = 2;
    return;
  }
  const isAsked = ({ name }: Stage) => names.length === 0 || names.includes(name);
  const ran = new Map<Stage, StageResult>();
  const runLane = async (lane: readonly Stage[]): Promise<void> => {
    for (const stage of lane.filter(isAsked)) {
      console.log(`\n== ${stage.name}`);
      ran.set(stage, await outcome(stage));
    }
  };
  for (const lanes of rounds) await Promise.all(lanes.map(runLane));
  const results: NamedResult[] = stages.flatMap((stage) => {
    const result = ran.get(stage);
    return result ? [{ stage: stage.name, ...result }] : [];
  });
  process.exitCode = isGreen(results) ? 0 : 1;
  console.log(`\n${report(results)}`);
}

/** A stage that throws has failed; the others still run. */
async function outcome(stage: Stage): Promise<StageResult> {
  try {
    const result = await stage.run();
    return process.env['CI'] === 'true' ? skipsAsFailures(result) : result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { passed: 0, failures: [{ name: stage.name, message }], skips: [] };
  }
}

void main(process.argv.slice(2));
