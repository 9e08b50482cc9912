import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { added, copied, editOf, hole, refusal, textOf } from './edits';
import { entriesOf, envBlock, lengthOf, meaningOf, plainValue } from './envBlock';
import type { EnvBlock, EnvEntry } from './envBlock';
import type { Fix, Fixer, FixTarget, KnownValues } from './fix';
import { holdsSecret, namesSecret } from './secrets';

/** A variable as it is set somewhere else. */
interface KnownEntry {
  entry: EnvEntry;
  where: string;
  fromHistory: boolean;
}

/**
 * `missing-env`: the variable with the value that the history or another file of the application
 * gives it, else a hole. Of a secret only the name of its reference is taken.
 */
export const envFixer: Fixer = {
  needsKnown: true,
  objection: ({ variable }) =>
    variable ? null : 'The evidence does not name the variable that is missing.',

  fix(target) {
    const name = target.facts.variable?.value ?? '';
    const set = setAlready(target, name);
    if (set) return set;
    const block = envBlock(target);
    const known = knownEntry(target, name);
    const at = [...block.path, block.isList ? lengthOf(target.document, block.path) : name];
    const said = `${name} is not set for the container, and it stops without it; ${block.why}.`;
    if (known) return fromKnown(block, at, name, known, said);
    if (!block.isList && namesSecret(name)) {
      throw refusal(
        `${name} looks like a secret, and ${pathText(block.path)} takes plain values only, so it was left as it is: put the value into a Secret and let the chart refer to it.`,
      );
    }
    return withHole(target, block, at, name, said);
  },

  patch: ({ variable }) =>
    variable && !namesSecret(variable.value)
      ? `env:\n  - name: ${variable.value}\n    value: <value of ${variable.value}>\n`
      : null,
};

/** A variable that is there and empty is filled; one with a value does not reach the program. */
function setAlready(target: FixTarget, name: string): Fix | null {
  const [entry] = entriesOf(target.document, target.prefix, name);
  const place = entry && plainValue(entry);
  if (!entry) return null;
  if (!place || textOf(place) !== '') {
    const said = entry.scalars.length > 0 ? meaningOf(entry) : 'empty';
    throw refusal(
      `${pathText(entry.path)} sets ${name} already (${namesSecret(name) ? 'its value is not shown' : said}), and the program does not see it: the chart may not pass it on, or the release is older than the file. The file was left as it is.`,
    );
  }
  const known = knownEntry(target, name);
  const value = known && plainValue(known.entry);
  const edit = value
    ? editOf(place, textOf(value))
    : hole(place.keyPath, place, `value of ${name}`);
  return {
    title: `set ${name}`,
    edits: [edit],
    reason: `${pathText(place.keyPath)} is empty, and the program stops without ${name}.${known && value ? ` ${known.where} has it.` : missingWords(target, name)}`,
    formula: null,
    warnings: known && value ? warningsOf(known) : [],
  };
}

/** The newest text of this file that had it, else what the other files agree on. */
function knownEntry(target: FixTarget, name: string): KnownEntry | undefined {
  const usable = ({ document, prefix, where }: KnownValues, fromHistory: boolean) =>
    entriesOf(document, prefix, name)
      .filter((entry) => isUsable(entry, name))
      .map((entry) => ({ entry, where, fromHistory }));
  const [before] = target.earlier.flatMap((known) => usable(known, true));
  if (before) return before;
  const others = target.others.flatMap((known) => usable(known, false));
  const [first] = others;
  const agreed = first && others.every(({ entry }) => meaningOf(entry) === meaningOf(first.entry));
  return agreed ? first : undefined;
}

/** A reference names a Secret and shows nothing of it; a plain value must not be one. */
function isUsable(entry: EnvEntry, name: string): boolean {
  const plain = plainValue(entry);
  if (!plain) return entry.scalars.length > 0;
  const text = textOf(plain);
  return text !== '' && !namesSecret(name) && !holdsSecret(text);
}

function fromKnown(
  block: EnvBlock,
  at: KeyPath,
  name: string,
  known: KnownEntry,
  said: string,
): Fix {
  const plain = plainValue(known.entry);
  if (plain) {
    const keyPath = block.isList ? [...at, 'value'] : at;
    return {
      title: `set ${name}`,
      edits: [...nameEdit(block, at, name), added(keyPath, textOf(plain))],
      reason: `${said} Its value is ${known.fromHistory ? 'what the history holds' : 'what is set'} in ${known.where}.`,
      formula: null,
      warnings: warningsOf(known),
    };
  }
  if (!block.isList) {
    throw refusal(
      `${known.where} takes ${name} by reference, and ${pathText(block.path)} takes plain values only, so it was left as it is; add the reference where your chart reads one.`,
    );
  }
  const reference = known.entry.scalars.map((place) =>
    copied([...at, ...place.keyPath.slice(known.entry.path.length)], place),
  );
  return {
    title: `set ${name} from its reference`,
    edits: [...nameEdit(block, at, name), ...reference],
    reason: `${said} ${known.where} takes it by reference; the reference is taken, never a value.`,
    formula: null,
    warnings: ['See that what the reference names exists in this namespace.', ...warningsOf(known)],
  };
}

/** No value is known: the person gives it, or the names of the Secret that holds it. */
function withHole(
  target: FixTarget,
  block: EnvBlock,
  at: KeyPath,
  name: string,
  said: string,
): Fix {
  const reference = [...at, 'valueFrom', 'secretKeyRef'];
  const edits: ScalarEdit[] = namesSecret(name)
    ? [
        ...nameEdit(block, at, name),
        hole([...reference, 'name'], undefined, `name of the Secret with ${name}`),
        hole([...reference, 'key'], undefined, `key of ${name} in that Secret`),
      ]
    : [
        ...nameEdit(block, at, name),
        hole(block.isList ? [...at, 'value'] : at, undefined, `value of ${name}`),
      ];
  return {
    title: `set ${name}`,
    edits,
    reason: `${said}${missingWords(target, name)}`,
    formula: null,
    warnings: namesSecret(name)
      ? [`${name} looks like a secret: type the names of a Secret and its key, never the value.`]
      : [],
  };
}

function nameEdit(block: EnvBlock, at: KeyPath, name: string): ScalarEdit[] {
  return block.isList ? [added([...at, 'name'], name)] : [];
}

function missingWords({ others }: FixTarget, name: string): string {
  const looked = others.length > 0 ? ` and in ${others.map(({ where }) => where).join(', ')}` : '';
  return ` No value that all agree on is in the history of this file${looked}, and none is invented: type it before you accept (${name}).`;
}

function warningsOf({ where, fromHistory }: KnownEntry): string[] {
  return fromHistory
    ? []
    : [`The value is taken from ${where}: see that it is right for this environment too.`];
}
