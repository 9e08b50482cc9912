import { exitOnSignals } from './harness/process';
import { isGreen, report, skipsAsFailures } from './harness/results';
import type { NamedResult, StageResult } from './harness/results';
import { stages } from './stages';
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
  const results: NamedResult[] = [];
  for (const stage of stages.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n== ${stage.name}`);
    results.push({ stage: stage.name, ...(await outcome(stage)) });
  }
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
