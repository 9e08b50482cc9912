import type { Category } from '../../incident/category';
import type { Citation } from '../../incident/evidence';
import type { Finding } from '../playbook';
import { blamePeer } from '../peers';
import { isLoud } from '../read/level';
import type { LogLine } from '../read/logLine';
import type { Reading } from '../read/reading';
import { isOfBusiness } from '../wordings/business';
import { ofDependencies } from '../wordings/dependencies';
import { ofMachine } from '../wordings/machine';
import { ofCertificates, ofNetwork } from '../wordings/network';
import { ofLife, ofPlatform } from '../wordings/platform';
import { phrases } from '../wordings/phrases';
import { sentenceOf } from '../wordings/sentence';
import { ofStart } from '../wordings/start';
import type { Wording } from '../wordings/wording';
import { appOfWriter } from './app';
import { isHarmless } from './complaint';
import { citationOf } from './findings';

/** What is told more closely stands before what may be meant by many. */
const wordings: readonly Wording[] = [
  ...phrases,
  ...ofCertificates,
  ...ofPlatform,
  ...ofDependencies,
  ...ofMachine,
  ...ofStart,
  ...ofNetwork,
  ...ofLife,
];

/** A failure in anybody's words is less sure than a program's fixed sentence. */
const weight = 0.68;
const weightOfWarning = 0.62;
/** From this weight on a known sentence has told what the line means. */
const told = 0.5;
/** Lines that are read for it: the first, and the last. */
const most = 150;

/**
 * What lines of trouble say in their developers' own words, where no known sentence has told it. One
 * line tells one category.
 * @param trouble what shows that something is wrong, and was not overcome
 * @param found what is known of the lines already
 */
export function ownWords(
  { lines }: Reading,
  trouble: readonly Citation[],
  found: readonly Finding[],
): Finding[] {
  const understood = new Set(found.filter((each) => each.weight >= told).map(({ order }) => order));
  const places = new Set(trouble.map(placeOf));
  const telling = lines.filter(
    (line) =>
      places.has(placeOf({ source: line.source, line: line.number })) &&
      complainsOpenly(line) &&
      !understood.has(line.order),
  );
  const read =
    telling.length <= 2 * most ? telling : [...telling.slice(0, most), ...telling.slice(-most)];
  const meanings = new Map<string, Wording | null>();
  return read.flatMap((line) => {
    const sentence = sentenceOf(line.message);
    const shape = sentence.replace(/\d+/g, '0');
    const known = meanings.get(shape);
    const wording = known === undefined ? meaningOf(sentence) : known;
    meanings.set(shape, wording);
    return wording ? [findingOf(line, sentence, wording)] : [];
  });
}

function placeOf({ source, line }: Pick<Citation, 'source' | 'line'>): string {
  return `${line} ${source}`;
}

/** Who asks tells nothing. */
const guess = /\b(?:perhaps|maybe|possibly|might be)\b/i;

function complainsOpenly(line: LogLine): boolean {
  const { kind, level, continues, message } = line;
  if (kind !== 'log' || !isLoud(level) || continues) return false;
  return !guess.test(message) && !isHarmless(line, message);
}

function meaningOf(sentence: string): Wording | null {
  if (isOfBusiness(sentence)) return null;
  return (
    wordings.find(
      ({ words, unless }) => words.every((word) => word.test(sentence)) && !unless?.test(sentence),
    ) ?? null
  );
}

/** The network's failures are those of the peer where the peer is known. */
const blame: Partial<Record<Category, ReturnType<typeof blamePeer>>> = {
  'connection-refused': blamePeer('connection-refused'),
  'connection-timeout': blamePeer('connection-timeout'),
  'connection-reset': blamePeer('connection-reset'),
  'dns-failure': blamePeer('dns-failure'),
};

function findingOf(line: LogLine, sentence: string, { category }: Wording): Finding {
  const refined = blame[category]?.({ line: { ...line, message: sentence }, block: [] });
  return {
    category: refined?.category ?? category,
    key: `own words ${category}`,
    role: 'proof',
    weight: line.level === 'warn' ? weightOfWarning : weight,
    citation: citationOf(line),
    facts: {},
    mechanism: refined?.mechanism ?? null,
    app: appOfWriter(line),
    process: line.process,
    fromLog: true,
    order: line.order,
  };
}
