import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { boundLine, cleanLine } from '../../src/intake/clean';
import { exitOnSignals } from '../harness/process';
import { fuzz, inputNumber, recordedTexts, type Finding } from './fuzz';
import { slowest, tooSlowMs } from './hostile';
import { growthOf, mostGrowth } from './linear';
import { sourcePatterns } from './sourcePatterns';

/** Inputs of one slice, after which progress is told. */
const slice = 5000;
/** Of so many inputs one is looked at for how its time grows. */
const sparse = 1000;

/**
 * `npm run fuzz [-- --inputs N --from N --seed S --no-patterns]`: at least 100,000 logs unless told
 * otherwise, and every regular expression against texts made to be slow; exit status 1 when a
 * promise is broken.
 */
async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      'no-patterns': { type: 'boolean', default: false },
    },
  });
  const [seed, from] = [Number(values.seed), Number(values.from)];
  const to = from + Number(values.inputs);
  console.log(`fuzz: inputs ${from} to ${to}, seed ${seed}`);
  const slowPatterns = values['no-patterns'] ? 0 : judgePatterns();
  const recorded = await recordedTexts();
  let faults = 0;
  for (let start = from; start < to; start += slice) {
    const end = Math.min(to, start + slice);
    const findings = await fuzz({ seed, from: start, to: end }, recorded);
    for (const finding of findings) await tell(finding, seed);
    faults += findings.length + judgeGrowth({ seed, from: start, to: end }, recorded);
    console.log(`fuzz: ${end - from} inputs, ${faults} faults`);
  }
  console.log(`fuzz: ${faults} faults, ${slowPatterns} slow patterns`);
  if (faults + slowPatterns > 0) process.exitCode = 1;
}

/** Prints the slowest ten, and says how many are too slow for texts that they can be given. */
function judgePatterns(): number {
  const all = sourcePatterns().map(slowest);
  const worst = all.toSorted((a, b) => a.size - b.size || b.ms - a.ms);
  const slow = worst.filter((it) => it.ms > tooSlowMs);
  console.log(
    `fuzz: ${all.length} patterns, ${slow.length} of them slow for some text up to 1 MiB`,
  );
  const faults = slow.filter((it) => it.size <= it.reach);
  for (const it of new Set([...slow.slice(0, 10), ...faults])) {
    const fault = faults.includes(it) ? 'FAULT ' : '';
    console.log(
      `  ${fault}${it.ms.toFixed(0)} ms at ${it.size} of at most ${it.reach} characters: ` +
        `${it.where} ${it.source.slice(0, 120)} with ${JSON.stringify(it.text)}`,
    );
  }
  return faults.length;
}

function judgeGrowth(
  { seed, from, to }: { seed: number; from: number; to: number },
  recorded: readonly string[],
): number {
  let faults = 0;
  for (let index = from; index < to; index += sparse) {
    const lines = inputNumber(seed, index, recorded).toString('utf8').split('\n');
    const growth = growthOf(lines.map((line) => boundLine(cleanLine(line), null)).join('\n'));
    if (growth <= mostGrowth) continue;
    faults++;
    console.log(`  input ${index}: twice the text takes ${growth.toFixed(1)} times as long`);
  }
  return faults;
}

/** Says what was found and keeps the log, so that it can be looked at. */
async function tell({ index, message, bytes }: Finding, seed: number): Promise<void> {
  const folder = path.join(tmpdir(), 'war-room-fuzz');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${seed}-${index}.log`);
  await writeFile(file, bytes);
  console.log(`  input ${index} (${file}): ${message}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
