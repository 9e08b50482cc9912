import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../../base/deadline';
import type { EvidenceLine } from '../../incident/evidence';
import { buildLiteralMatcher, literalsIn } from '../../base/literalMatcher';
import { findBlocks, type BlockMask } from './blocks';
import { credentialRules } from './credentials';
import type { MaskRule } from './rule';
import { serviceRules } from './services';

/** Every rule that looks at one line, in the order in which they are applied. */
export const maskRules: readonly MaskRule[] = [...serviceRules, ...credentialRules];

/** Kinds that only several lines together give away, besides those of {@link maskRules}. */
export const blockKinds: readonly string[] = ['pgp-private-key', 'ssh-private-key'];

/** What stands in place of a secret. */
export const placeholderOf = (kind: string) => `[masked ${kind}]`;

/** Masks a text of any number of lines; line ends stay as they are. */
export function maskText(text: string): string {
  // Odd entries are the line ends.
  const parts = text.split(/(\r\n|\n|\r)/);
  const blocks = findBlocks(
    parts.filter((_, index) => index % 2 === 0).map((line) => ({ text: line, follows: true })),
  );
  return parts
    .map((part, index) => (index % 2 === 0 ? applyMasks(part, blocks.get(index / 2)) : part))
    .join('');
}

/** Masks one line for itself. */
export function maskLine(line: string): string {
  return applyMasks(line, undefined);
}

/** The kinds of secrets that a text holds; what is masked already is none. */
export function containsSecret(text: string): string[] {
  const kinds = new Set<string>();
  const lines = text.split(/\r\n|\n|\r/).map((line) => ({ text: line, follows: true }));
  const blocks = findBlocks(lines);
  lines.forEach(({ text: line }, index) =>
    applyMasks(line, blocks.get(index), (kind) => kinds.add(kind)),
  );
  return [...kinds];
}

/** Lines that are masked before other work gets its turn: about a millisecond's worth of text. */
const SLICE_CHARACTERS = 64 * 1024;

/** Masks the lines of one source, in slices so that other work of this thread goes on. */
export async function maskLines(
  lines: readonly EvidenceLine[],
  signal?: AbortSignal,
): Promise<EvidenceLine[]> {
  const blocks = findBlocks(
    lines.map(({ number, text }, index) => ({
      text,
      follows: index > 0 && lines[index - 1]?.number === number - 1,
    })),
  );
  const masked: EvidenceLine[] = [];
  let characters = 0;
  for (const [index, { number, text }] of lines.entries()) {
    masked.push({ number, text: applyMasks(text, blocks.get(index)) });
    characters += text.length;
    if (characters < SLICE_CHARACTERS) continue;
    characters = 0;
    throwIfCancelled(signal);
    await setImmediate();
  }
  return masked;
}

function applyMasks(line: string, block: BlockMask | undefined, found?: (kind: string) => void) {
  let text = line;
  if (block) {
    found?.(block.kind);
    text = line.slice(0, block.from) + placeholderOf(block.kind) + line.slice(block.to);
  }
  for (const rule of rulesFor(text)) text = applyRule(rule, text, found);
  return text;
}

function applyRule(rule: MaskRule, line: string, found?: (kind: string) => void): string {
  let result = '';
  let end = 0;
  for (const match of line.matchAll(rule.pattern)) {
    const before = match.groups?.['before'] ?? '';
    const secret = match.groups?.['secret'] ?? match[0].slice(before.length);
    const from = match.index + before.length;
    const after = line.slice(from + secret.length, from + secret.length + 200);
    const head = line.slice(Math.max(0, match.index - 20), from);
    if (rule.accept && !rule.accept(secret, { line, before: head, after })) continue;
    found?.(rule.kind);
    result += line.slice(end, from) + quotedLike(secret, placeholderOf(rule.kind));
    end = from + secret.length;
  }
  return end === 0 ? line : result + line.slice(end);
}

/** Keeps the quotes of a masked value, so that JSON stays JSON. */
function quotedLike(secret: string, placeholder: string): string {
  const quote = /^(\\{0,7}["']).*\1$/s.exec(secret)?.[1] ?? '';
  return quote + placeholder + quote;
}

const hints = [...new Set(maskRules.flatMap((rule) => rule.hints))];
const matcher = buildLiteralMatcher(hints, 10);
/** Hint, by index → rules, by index. */
const hinted = hints.map((hint) =>
  maskRules.flatMap((rule, index) => (rule.hints.includes(hint) ? [index] : [])),
);
/** For most lines, which hold no hint at all. */
const unhinted = maskRules.flatMap((rule, index) => (rule.hints.length === 0 ? [index] : []));
const unhintedRules = unhinted.flatMap((index) => maskRules[index] ?? []);

/** The rules that may match, in their order. */
function rulesFor(line: string): readonly MaskRule[] {
  const found = literalsIn(matcher, line);
  if (found.size === 0) return unhintedRules;
  const indexes = new Set(unhinted);
  for (const hint of found) for (const index of hinted[hint] ?? []) indexes.add(index);
  return [...indexes].sort((a, b) => a - b).flatMap((index) => maskRules[index] ?? []);
}
