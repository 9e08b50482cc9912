import type { EvidenceText } from '../../src/incident/evidence';
import { fingerprintOf } from '../../src/intake/fingerprint';
import { maskText } from '../../src/intake/masking/mask';
import { analyse } from '../../src/playbooks/analyse';

/** So much text shows how the time grows. */
const characters = 200_000;
/** Twice the text may take so many times the time: twice, and what the machine adds. */
export const mostGrowth = 3.2;

/** How many times longer twice the text takes; the least of several looks, as the machine disturbs. */
export function growthOf(input: string): number {
  const once = input.repeat(Math.max(1, Math.ceil(characters / Math.max(1, input.length))));
  let least = Infinity;
  for (let look = 0; look < 3 && least > mostGrowth; look++) {
    least = Math.min(least, cost(`${once}\n${once}`) / cost(once));
  }
  return least;
}

/** Processor time of this process for all that is done with a text, microseconds. */
function cost(text: string): number {
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, text: line }));
  const evidence: EvidenceText = {
    ...{ source: 'fuzz.log', lines, complete: true, totalLines: lines.length },
  };
  const before = process.cpuUsage();
  maskText(text);
  fingerprintOf(evidence);
  analyse([evidence]);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
