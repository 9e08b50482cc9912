import type { EvidenceText } from '../incident/evidence';
import { templateOf } from '../intake/scan/template';

/** From this share of common templates on, two cases are one. */
const tooMuch = 0.8;

/** The templates of a case's lines: what is left of them without what varies. */
export function templatesOf(texts: readonly EvidenceText[]): Set<number> {
  const templates = new Set<number>();
  for (const text of texts) {
    for (const line of text.lines) {
      const bytes = Buffer.from(line.text.trim());
      if (bytes.length > 0) templates.add(templateOf(bytes, 0, bytes.length));
    }
  }
  return templates;
}

/** The share of both cases' templates that they have in common, 0 to 1. */
export function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  const common = [...one].filter((template) => other.has(template)).length;
  const all = one.size + other.size - common;
  return all === 0 ? 0 : common / all;
}

/** A case, and what tells it from others of its label. */
export interface Fingerprinted {
  id: string;
  category: string;
  templates: ReadonlySet<number>;
}

/** Cases that say the same as an earlier one of the same label: id → the id that counts for both. */
export function duplicates(cases: readonly Fingerprinted[]): Map<string, string> {
  const known = new Map<string, Fingerprinted[]>();
  const same = new Map<string, string>();
  for (const each of cases) {
    const kept = known.get(each.category) ?? [];
    known.set(each.category, kept);
    const twin = kept.find((other) => overlap(other.templates, each.templates) > tooMuch);
    if (twin) same.set(each.id, twin.id);
    else kept.push(each);
  }
  return same;
}
