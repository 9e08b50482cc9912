import path from 'node:path';
import { analyse } from '../../src/playbooks/analyse';
import { firstErrorLine, keywordCount, type Baseline } from './lib/baselines';
import { loadCases, type EvalCase } from './lib/cases';
import { floorsOf } from './lib/floors';
import { readCase } from './lib/read';
import { quiet, score, type Score } from './lib/score';
import { shareOf } from './lib/share';
import { parseCategory } from '../../src/incident/category';

const cases = path.join(import.meta.dirname, 'cases');

async function main(): Promise<void> {
  const { filter, split, details } = options(process.argv.slice(2));
  const all = (await loadCases(cases, filter)).filter(
    (candidate) => split === null || candidate.split === split,
  );
  const chosen = all.filter((candidate) => isKnown(candidate.category));
  for (const { id } of all.filter((candidate) => !isKnown(candidate.category))) {
    console.log(`not counted, its category is not built: ${id}`);
  }
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
  report(scores, baselines, details);
  const floors = filter === '' && split === null ? floorsOf(scores, baselines) : [];
  for (const { name, held, seen } of floors) {
    console.log(`${held ? 'ok' : 'FAILED'} ${name} (${seen})`);
  }
  const right = scores.filter((it) => it.passed).length;
  console.log(`cases: ${right} right of ${scores.length}`);
  const missed = floors.filter((it) => !it.held).length;
  console.log(`evals: ${floors.length - missed} passed, ${missed} failed`);
  if (scores.length === 0 || missed > 0) process.exitCode = 1;
}

function report(
  scores: readonly Score[],
  baselines: Readonly<Record<string, number>>,
  details: boolean,
): void {
  printFailures(scores, details);
  printCategories(scores);
  for (const name of ['tune', 'held-out'] as const) printSplit(name, scores);
  for (const [name, right] of Object.entries(baselines)) {
    console.log(`baseline, ${name}: ${shareOf(right, scores.length)}`);
  }
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
    return shareOf(counted.filter(Boolean).length, counted.length);
  };
  const only = (category: string) => (it: Score) =>
    it.case.category === category ? it.category : null;
  console.log(
    `${split}: category ${share((it) => it.category)}, app ${share((it) => it.app)}, ` +
      `grounded ${share((it) => it.grounded)}, quiet on healthy ${share(only('no-incident'))}, ` +
      `abstains ${share(only('insufficient-evidence'))}`,
  );
}

function isKnown(category: string): boolean {
  return quiet.includes(category) || parseCategory(category) !== undefined;
}

void main();
