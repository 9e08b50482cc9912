import path from 'node:path';
import { analyse } from '../../src/playbooks/analyse';
import { firstErrorLine, keywordCount, type Baseline } from './lib/baselines';
import { loadCases, type EvalCase } from './lib/cases';
import { readCase } from './lib/read';
import { score, type Score } from './lib/score';

/** Share of cases that must name the right category. */
const floor = 0.9;

const cases = path.join(import.meta.dirname, 'cases');

async function main(): Promise<void> {
  const { filter, split, details } = options(process.argv.slice(2));
  const chosen = (await loadCases(cases, filter)).filter(
    (candidate) => split === null || candidate.split === split,
  );
  const scores: Score[] = [];
  const baselines = { 'first error line': 0, 'keyword count': 0 };
  for (const evalCase of chosen) {
    const texts = await readCase(evalCase);
    scores.push(score(evalCase, texts, analyse(texts)));
    const right = (baseline: Baseline): number =>
      (baseline(texts) ?? 'no-incident') === evalCase.category ? 1 : 0;
    baselines['first error line'] += right(firstErrorLine);
    baselines['keyword count'] += right(keywordCount);
  }
  printFailures(scores, details);
  printCategories(scores);
  for (const name of ['tune', 'held-out'] as const) printSplit(name, scores);
  for (const [name, right] of Object.entries(baselines)) {
    console.log(`baseline, ${name}: ${percent(right, scores.length)}`);
  }
  const passed = scores.filter((it) => it.passed).length;
  console.log(`evals: ${passed} passed, ${scores.length - passed} failed`);
  const right = scores.filter((it) => it.category).length;
  if (scores.length === 0 || right / scores.length < floor) process.exitCode = 1;
}

interface Options {
  filter: string;
  split: EvalCase['split'] | null;
  details: boolean;
}

function options(words: readonly string[]): Options {
  const at = words.indexOf('--split');
  const split = at < 0 ? null : words[at + 1];
  if (split !== null && split !== 'tune' && split !== 'held-out') {
    throw new Error('--split is tune or held-out.');
  }
  const filter = words.find((word, index) => !word.startsWith('--') && index !== at + 1);
  return { filter: filter ?? '', split, details: words.includes('--details') };
}

/** Held-out cases are named only: who tunes the playbooks must not see what they print. */
function printFailures(scores: readonly Score[], details: boolean): void {
  for (const it of scores) {
    if (it.passed && it.app !== false) continue;
    if (it.case.split === 'held-out') {
      if (!it.passed) console.log(`failed (held out): ${it.case.category}`);
      continue;
    }
    const faults = [
      ...(it.category ? [] : [`answered ${it.answer}`]),
      ...(it.grounded === false && it.category ? ['cites no proof'] : []),
      ...(it.verbatim ? [] : ['cites a line that is not there']),
      ...(it.app === false
        ? [`app ${it.analysis.facts.app?.value ?? 'unknown'} for ${it.case.app}`]
        : []),
    ];
    console.log(`${it.passed ? 'app' : 'failed'}: ${it.case.id}: ${faults.join(', ')}`);
    if (!details) continue;
    for (const other of it.analysis.hypotheses) {
      console.log(`    ${other.confidence} ${other.category}: ${other.why}`);
    }
  }
}

function printCategories(scores: readonly Score[]): void {
  const names = [...new Set(scores.map((it) => it.case.category))].sort();
  for (const name of names) {
    const own = scores.filter((it) => it.case.category === name);
    const right = own.filter((it) => it.category).length;
    console.log(`${name.padEnd(28)} ${right}/${own.length}`);
  }
}

function printSplit(split: string, all: readonly Score[]): void {
  const scores = all.filter((it) => it.case.split === split);
  if (scores.length === 0) return;
  const share = (value: (it: Score) => boolean | null): string => {
    const counted = scores.map(value).filter((it) => it !== null);
    return percent(counted.filter(Boolean).length, counted.length);
  };
  const only = (category: string) => (it: Score) =>
    it.case.category === category ? it.category : null;
  console.log(
    `${split}: category ${share((it) => it.category)}, app ${share((it) => it.app)}, ` +
      `grounded ${share((it) => it.grounded)}, quiet on healthy ${share(only('no-incident'))}, ` +
      `abstains ${share(only('insufficient-evidence'))}`,
  );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)}% (${part}/${whole})`;
}

void main();
