import { sectionOf, type Entry } from './entries';
import type { Picture } from './picture';
import { parseAmount } from './quantity';

/** What a described node can still give: what is allocatable without what is requested. */
export function addRoom(entries: readonly Entry[], picture: Picture): void {
  const taken = sectionOf(entries, 'Allocated resources');
  for (const resource of ['cpu', 'memory'] as const) {
    const all = sectionOf(entries, 'Allocatable').find((entry) => entry.key === resource);
    const row = taken.find((entry) => entry.citation.text.trim().startsWith(`${resource} `));
    const requested = /^\S+\s+(\S+)/.exec(row?.citation.text.trim() ?? '')?.[1];
    const [has, uses] = [parseAmount(all?.value ?? ''), parseAmount(requested ?? '')];
    if (row && has !== null && uses !== null) {
      picture.room.push({ resource, free: Math.max(0, has - uses), citation: row.citation });
    }
  }
}

/** `Replicas: 3 desired | 1 updated | 4 total | …` of a described Deployment. */
export function addScale(name: string, entries: readonly Entry[], picture: Picture): void {
  const line = entries.find((entry) => entry.indent === 0 && entry.key === 'Replicas');
  const [, desired, total] = /^(\d+) desired \|.*?\| (\d+) total/.exec(line?.value ?? '') ?? [];
  if (!line || desired === undefined) return;
  const value = { name, desired: Number(desired), total: Number(total) };
  picture.scales.push({ value, citation: line.citation });
}
