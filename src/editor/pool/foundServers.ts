import type { RankedListing } from '../../catalog/catalogue';
import type { Program } from '../../incident/program';
import type { Ranked } from '../../catalog/rank';
import { reasonText, type Language, type Reason } from '../../catalog/reasons';

/** One line of the list that a search ends in. */
export interface FoundItem {
  label: string;
  description: string;
  detail: string;
  /** Null for a line that only says something. */
  found: Ranked | null;
}

/** The servers of a listing, best first, and what a person should know of the search. */
export function foundItems(
  { ranked, notes }: RankedListing,
  language: Language,
): { servers: readonly FoundItem[]; notes: readonly FoundItem[] } {
  return {
    servers: ranked.map((found) => serverItem(found, language)),
    notes: notes.map((note) => ({
      label: `$(warning) ${withoutIcons(note)}`,
      description: '',
      detail: '',
      found: null,
    })),
  };
}

function serverItem(found: Ranked, language: Language): FoundItem {
  const { entry, score, reasons, unavailable } = found;
  const why = [...reasons].sort((a, b) => order(a) - order(b));
  const said = why.map((reason) => reasonText(reason, language).replace(/\.$/, '')).join('; ');
  const sentences = [said, entry.purpose].filter(Boolean);
  return {
    label: withoutIcons(`${unavailable === null ? '' : '⊘ '}${entry.name}  ${score}/100`),
    description: withoutIcons(
      [entry.publisher, programText(entry.program)].filter(Boolean).join(' · '),
    ),
    detail: withoutIcons(sentences.join(' — ')),
    found,
  };
}

/** What keeps a server from starting comes first, since a long line is cut. */
function order({ kind }: Reason): number {
  return kind === 'unavailable' ? 0 : kind === 'needs-values' ? 1 : 2;
}

/** `npm:name@1.2.3`, the image, or the command. */
function programText(program: Program): string {
  switch (program.kind) {
    case 'npm':
    case 'pypi':
      return `${program.kind}:${program.package}@${program.version}`;
    case 'oci':
      return program.image;
    case 'command':
      return program.command;
    case 'bundled':
      return '';
  }
}

/** The editor draws `$(name)` as an icon; in what others wrote it is text. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (');
}
