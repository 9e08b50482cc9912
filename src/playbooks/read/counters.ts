import type { Citation, EvidenceText } from '../../incident/evidence';
import type { Picture } from './picture';

/**
 * Reads what control groups and Prometheus count, over the lines of one source: `cpu.stat`,
 * `memory.events`, `memory.peak`, the cAdvisor counters of throttled periods, and Docker's.
 */
export function readCounters(text: EvidenceText, picture: Picture): void {
  let periods: number | null = null;
  for (const line of text.lines) {
    if (line.text.length > 400 || !counted.test(line.text)) continue;
    const match = counter.exec(line.text);
    if (!match) continue;
    const name = (match[1] ?? '').replace(
      /^"?(?:container_cpu_cfs_)?(?:throttled_)?periods(?:_total|")$/,
      (it) => (it.includes('throttled') ? 'nr_throttled' : 'nr_periods'),
    );
    const value = Number(match[2]);
    const citation: Citation = { source: text.source, line: line.number, text: line.text };
    if (name === 'nr_periods') periods = value;
    if (name === 'nr_throttled') {
      const total = periods ?? periodsAfter(text, line.number);
      if (total) picture.throttling.push({ value: value / total, citation });
    }
    if (name === 'oom_kill' && value > 0) picture.groupKills.push({ value, citation });
    if (name === 'memory.peak' || name === 'memory.max_usage_in_bytes') {
      picture.memoryUse.push({ value, citation });
    }
  }
}

/** What every counter has in its name: cheaper to look for than the whole form. */
const counted = /periods|throttled|oom_kill|memory\.(?:peak|max)/;
const counter =
  /^\s*(?:\S*[/:]\s*)?(nr_periods|nr_throttled|oom_kill|memory\.peak|memory\.max_usage_in_bytes|container_cpu_cfs_periods_total|container_cpu_cfs_throttled_periods_total|"(?:throttled_)?periods")(?:\{[^}]*\})?[ :=]+(\d+(?:\.\d+)?(?:e\+?\d+)?)(?:\s+\d{10,})?,?\s*$/;

/** Prometheus prints the throttled periods before or after all periods. */
function periodsAfter(text: EvidenceText, number: number): number | null {
  const line = text.lines.find(
    (candidate) =>
      candidate.number > number &&
      /\bcontainer_cpu_cfs_periods_total|\bnr_periods/.test(candidate.text),
  );
  const value = Number(counter.exec(line?.text ?? '')?.[2] ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}
