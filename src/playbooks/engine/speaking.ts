import { stampOf } from '../read/form';
import { parseLevel } from '../read/level';
import type { LogLine } from '../read/logLine';
import { isCommonName } from './names';

/** So many lines tell how a program begins its lines. */
const looked = 2000;
/** A name that stands alone must head this share of the lines. */
const mostly = 0.4;
/** What may stand between the time and the name: levels, numbers of processes and threads. */
const fields = 5;

const separators = /^(?:[\s|,:()]|-(?= ))+/;
const levelWord = /^[[<(]?([A-Za-z]+)[\])>]?(?=[\s:|,]|$)/;
const number = /^(?:[[(<]?(?:pid[ =:])?#?\d[\d.:]*[\])>]?)(?=[\s:|,]|$)/i;
/** `[name]`, `name:`, `name |`, `name - `, `crate::module:`, `package.module - `, `name words`. */
const name = /^(\[)?([A-Za-z][\w@/-]*)(::[\w:]+|(?:\.\w+)*)(\]|: ?| - | \| | )/;

interface Name {
  name: string;
  /** A sign sets it apart from the words behind it. */
  apart: boolean;
}

/**
 * The name that stands at the head of most of these lines.
 * @param how whether a sign must set it apart; else the first word of the line will do
 */
export function speakingApp(lines: readonly LogLine[], how: 'apart' | 'any'): string | null {
  const votes = new Map<string, number>();
  const log = lines.filter((line) => line.kind === 'log' && !line.continues).slice(0, looked);
  for (const line of log) {
    const head = headOf(line.message);
    if (!head || isCommonName(head.name) || (how === 'apart' && !head.apart)) continue;
    votes.set(head.name, (votes.get(head.name) ?? 0) + 1);
  }
  const [best] = [...votes].sort((left, right) => right[1] - left[1]);
  if (!best) return null;
  const [app, count] = best;
  const enough = how === 'apart' && /[-_]/.test(app) ? 1 : 2;
  return count >= enough && count >= log.length * mostly ? app : null;
}

/** What stands behind time, level and numbers, where it may be a name. */
function headOf(message: string): Name | null {
  let rest = message.slice(0, 160);
  const stamp = stampOf(rest);
  if (stamp && /^[[(]?$/.test(rest.slice(0, stamp.at))) {
    rest = rest.slice(stamp.at + stamp.text.length).replace(/^[\])]/, '');
  }
  for (let count = 0; count < fields; count++) {
    rest = rest.replace(separators, '');
    const level = levelWord.exec(rest);
    const taken =
      level && parseLevel(level[1]) !== null ? level[0] : (number.exec(rest)?.[0] ?? null);
    if (taken === null) break;
    rest = rest.slice(taken.length);
  }
  const match = name.exec(rest);
  if (!match) return null;
  const [, open = '', word = '', path = '', close = ''] = match;
  if ((open === '[') !== (close === ']') || isOfClass(word, path)) return null;
  return /^[a-z][a-z\d]*(?:[-_][a-z\d]+)*$/.test(word)
    ? { name: word, apart: close !== ' ' || path !== '' }
    : null;
}

/** `com.example.Orders`, `o.s.b.Application`: a package of Java names an organisation. */
function isOfClass(word: string, path: string): boolean {
  return path.startsWith('.') && (word.length < 4 || /\.[A-Z]/.test(path));
}
