import { activationBench } from './activation/bench';
import { diagnosisBench } from './diagnosis/bench';
import type { Figure } from './figure';
import { intakeBench } from './intake/bench';
import { kubernetesBench } from './kubernetes/bench';
import { poolBench } from './pool/bench';

export interface Bench {
  name: string;
  run(log: (line: string) => void): Promise<Figure[]>;
}

const benches: readonly Bench[] = [
  intakeBench,
  diagnosisBench,
  activationBench,
  poolBench,
  kubernetesBench,
];

/** `npm run bench [-- names]`: prints every figure beside its target; exit status 1 if one is missed. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`No bench is called ${unknown.join(', ')}.`);
  for (const bench of benches) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    console.log(`\n${bench.name}`);
    for (const { name, value, target, ok } of await bench.run((line) => console.log(`  ${line}`))) {
      console.log(`  ${ok ? 'ok  ' : 'MISS'} ${name}: ${value.toFixed(2)} (${target})`);
      if (!ok) process.exitCode = 1;
    }
  }
}

void main(process.argv.slice(2));
