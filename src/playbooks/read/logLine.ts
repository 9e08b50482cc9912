import type { EvidenceLine } from '../../incident/evidence';
import { formOf, formOfFields } from './form';
import { flattenJson, headOfCutJson } from './jsonLine';
import { levelOf, type Level } from './level';
import { stripPrefix } from './prefix';

/**
 * What part of the evidence a line is. Only program output, events and states are searched. A
 * `document` was written for people, or is a part whose facts the picture holds: its text proves
 * neither failure nor health.
 */
export type LineKind = 'log' | 'event' | 'state' | 'other' | 'document';

/** True for what programs and platforms say, whose words are looked at. */
export function isSearched({ kind }: LogLine): boolean {
  return kind !== 'other' && kind !== 'document';
}

/** One line of evidence, understood as far as its format is known. */
export interface LogLine {
  source: string;
  number: number;
  /** As it stands in the evidence. */
  text: string;
  kind: LineKind;
  /** Without prefixes of the collector; of a JSON line the message and the error's fields. */
  message: string;
  level: Level | null;
  /** Who wrote it, where the line says so (pod, compose service, `service` field). */
  writer: string | null;
  /** Program that syslog or journald names. */
  process: string | null;
  /** Which of the writer's replicas, where they are told apart. */
  instance: string | null;
  /** How it is written: the lines of one program are alike. Empty where it shows none. */
  form: string;
  /** Continues the line before: a stack frame, an indented or "Caused by" line. */
  continues: boolean;
  /** Position among all lines of all sources. */
  order: number;
}

/** Reads one line of program output. */
export function readLogLine(line: EvidenceLine, source: string, order: number): LogLine {
  const { rest, writer, process, instance } = stripPrefix(line.text);
  const json = rest.startsWith('{') ? flattenJson(rest) : null;
  if (json) {
    const inner = json.nested === null ? null : stripPrefix(json.nested);
    return {
      source,
      number: line.number,
      text: line.text,
      kind: 'log',
      message: inner ? inner.rest : json.message,
      level: json.level ?? levelOf(json.message),
      writer: json.writer ?? writer,
      process,
      instance: json.instance ?? instance,
      form: inner ? formOf(inner.rest) : formOfFields(json.names),
      continues: inner !== null && continues(inner.rest),
      order,
    };
  }
  // Quotes within a quoted message (logfmt, an error within an error) are read as quotes.
  const message = rest.includes('\\"') ? rest.replaceAll('\\"', '"') : rest;
  const cut = rest.startsWith('{"') ? headOfCutJson(rest) : null;
  return {
    source,
    number: line.number,
    text: line.text,
    kind: 'log',
    message,
    level: cut?.level ?? levelOf(rest),
    writer: cut?.writer ?? writer,
    process,
    instance,
    form: formOf(rest),
    continues: continues(rest),
    order,
  };
}

const continuation =
  /^(?:\s+\S|Caused by:|Suppressed:|Traceback \(most recent|During handling of|The above exception was|Next [\w\\]+(?:Exception|Error)\b|Wrapped by: |Stack trace:$|goroutine \d|#\d+ (?:\/|\{main\}|\[internal function\])|\.\.\. \d+ more|[}\])]+;?$|$)/;

/** True for a line that belongs to the message before it. */
function continues(message: string): boolean {
  return continuation.test(message);
}
