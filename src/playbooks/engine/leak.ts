import type { Citation } from '../../incident/evidence';
import type { LogLine } from '../read/logLine';
import { citationOf } from './findings';

const reading =
  /\b(?:rss|heap[_ ]?used|memory(?:[_ ]usage|[_ ]used)?|mem|resident)["']?[ =:]+["']?(\d+(?:\.\d+)?) ?(?:Mi?B|M\b)/i;

/** Readings of one start that are worth a judgement. */
const enoughReadings = 4;

/**
 * The line that shows a leak: memory that the program reports climbs after each of at least two
 * starts without coming down. Null when it does not, or when too little is known.
 */
export function leakIn(lines: readonly LogLine[]): Citation | null {
  let climbs = 0;
  let run: number[] = [];
  let last: LogLine | null = null;
  const close = (): void => {
    if (run.length >= enoughReadings && climbing(run)) climbs++;
    run = [];
  };
  for (const line of lines) {
    if (line.kind !== 'log' || line.message.length > 2000) continue;
    const match = reading.exec(line.message);
    if (!match) continue;
    const value = Number(match[1]);
    const before = run.at(-1);
    // Falling to less than half is a new start.
    if (before !== undefined && value < before / 2) close();
    run.push(value);
    last = line;
  }
  close();
  return climbs >= 2 && last ? citationOf(last) : null;
}

function climbing(values: readonly number[]): boolean {
  const rises = values.filter((value, at) => at > 0 && value >= (values[at - 1] ?? 0)).length;
  const [first = 0] = values;
  return rises >= (values.length - 1) * 0.8 && (values.at(-1) ?? 0) > first * 1.5;
}
