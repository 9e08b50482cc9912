import type { Category } from '../../incident/category';
import type { Finding, Layer } from '../playbook';
import { layers } from '../playbook';
import type { Reading } from '../read/reading';
import { isWell } from './health';
import { complains } from './complaint';

/** What is noise counts this much. */
const noise = 0.3;
/** A finding of less than this weight makes no other one noise. */
const strong = 0.6;
/** What was last seen so long before something at least as deep has nothing to do with it. */
const longBefore = 6 * 3_600_000;
/** So often before the onset, with so many lines of ordinary work in between, is everyday life. */
const often = 3;
const enoughWork = 5;

/** The findings of one category, with when they begin and end. */
interface Spell {
  depth: number;
  findings: readonly Finding[];
  strong: boolean;
  first: number | null;
  last: number | null;
}

/**
 * Lessens what is noise beside something that is at least as deep: what was over long before it, and
 * what came again and again while the program did its work. A deeper cause may lie long before its
 * effects, so a shallower finding makes nothing noise.
 */
export function withoutNoise(
  findings: readonly Finding[],
  reading: Reading,
  layerOf: (category: Category) => Layer | undefined,
): readonly Finding[] {
  const spells = spellsOf(findings, reading, layerOf);
  const quiet = new Set(
    [...spells]
      .filter(([, spell]) =>
        [...spells.values()].some(
          (other) =>
            other !== spell &&
            other.strong &&
            other.depth <= spell.depth &&
            (isLongBefore(spell, other) || isEveryday(spell, other, reading)),
        ),
      )
      .map(([category]) => category),
  );
  return findings.map((finding) =>
    quiet.has(finding.category) ? { ...finding, weight: finding.weight * noise } : finding,
  );
}

function spellsOf(
  findings: readonly Finding[],
  { timeline }: Reading,
  layerOf: (category: Category) => Layer | undefined,
): Map<Category, Spell> {
  const groups = new Map<Category, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.category);
    if (group) group.push(finding);
    else groups.set(finding.category, [finding]);
  }
  return new Map(
    [...groups].map(([category, group]) => {
      const times = group.map(({ citation, order }) => timeline.timeOf(citation, order));
      const known = times.filter((time) => time !== null);
      const all = known.length === times.length;
      return [
        category,
        {
          depth: layers.indexOf(layerOf(category) ?? 'loop'),
          findings: group,
          strong: group.some((finding) => finding.weight >= strong),
          first: all ? Math.min(...known) : null,
          last: all ? Math.max(...known) : null,
        },
      ];
    }),
  );
}

function isLongBefore(spell: Spell, other: Spell): boolean {
  return spell.last !== null && other.first !== null && other.first - spell.last > longBefore;
}

/** It came often before the other began, in the same log, and the program went on working. */
function isEveryday(spell: Spell, other: Spell, { lines }: Reading): boolean {
  const [first] = spell.findings;
  if (!first?.fromLog || !spell.findings.every(({ fromLog }) => fromLog)) return false;
  const { source } = first.citation;
  const onset = Math.min(
    ...other.findings
      .filter((finding) => finding.fromLog && finding.citation.source === source)
      .map(({ order }) => order),
  );
  const before = new Set(
    spell.findings
      .filter((finding) => finding.citation.source === source && finding.order < onset)
      .map(({ order }) => order),
  );
  if (!Number.isFinite(onset) || before.size < often) return false;
  let work = 0;
  for (let at = Math.min(...before); at < onset && work < enoughWork; at++) {
    const line = lines[at];
    if (line && !before.has(at) && isWell(line) && !complains(line)) work++;
  }
  return work >= enoughWork;
}
