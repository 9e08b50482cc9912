import type { ScalarPlace } from '../yaml/valuesDocument';
import type { KeyPath } from '../yaml/keyPath';
import { textOf } from './edits';
import type { FixTarget, KnownValues } from './fix';

/** A value that somebody wrote before or elsewhere, and where. */
export interface KnownValue {
  place: ScalarPlace;
  /** Where it would stand in the target's file. */
  at: KeyPath;
  text: string;
  where: string;
  fromHistory: boolean;
}

/** The path of the target's file in other values of the same application. */
export function pathIn(
  target: FixTarget,
  known: Pick<KnownValues, 'prefix'>,
  keyPath: KeyPath,
): KeyPath {
  return [...known.prefix, ...keyPath.slice(target.prefix.length)];
}

/**
 * What this very scalar held last in the history, before it became what it is now.
 * @param fits false for a value that is no better, or belongs to something else
 */
export function lastGood(
  target: FixTarget,
  keyPath: KeyPath,
  fits: (text: string, known: KnownValues) => boolean = () => true,
): KnownValue | undefined {
  const now = target.document.find(keyPath);
  const current = now && textOf(now);
  for (const known of target.earlier) {
    const place = known.document.find(pathIn(target, known, keyPath));
    if (!place) continue;
    const text = textOf(place);
    if (text !== current && fits(text, known)) {
      return { place, at: keyPath, text, where: known.where, fromHistory: true };
    }
  }
  return undefined;
}

/** What other files hold at the same place; undefined where there is none, or they disagree. */
export function agreedElsewhere(
  target: FixTarget,
  keyPath: KeyPath,
  fits: (text: string) => boolean = () => true,
): KnownValue | undefined {
  const found = target.others.flatMap((known) => {
    const place = known.document.find(pathIn(target, known, keyPath));
    const text = place && textOf(place);
    return place && text !== undefined && fits(text)
      ? [{ place, at: keyPath, text, where: known.where, fromHistory: false }]
      : [];
  });
  return onlyOne(found);
}

/** The value that all agree on. */
export function onlyOne(found: readonly KnownValue[]): KnownValue | undefined {
  const [first] = found;
  return first && found.every(({ text }) => text === first.text) ? first : undefined;
}

/** The history first, which held it for this place; then the other files. */
export function knownFor(
  target: FixTarget,
  keyPath: KeyPath,
  fits: (text: string) => boolean = () => true,
): KnownValue | undefined {
  return lastGood(target, keyPath, fits) ?? agreedElsewhere(target, keyPath, fits);
}

/** Says where a value comes from, and what is to be seen to when it is from another file. */
export function sourceWords({ where, fromHistory }: KnownValue): string {
  return fromHistory ? `as the history holds it (${where})` : `as ${where} has it`;
}

/** What a person should look at before taking a value of another environment. */
export function sourceWarnings({ where, fromHistory }: KnownValue): string[] {
  return fromHistory
    ? []
    : [`The value is taken from ${where}: see that it is right for this environment too.`];
}
