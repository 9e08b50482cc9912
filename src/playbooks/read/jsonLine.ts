import { isData } from '../../base/data';
import type { Data } from '../../base/data';
import { instanceOf, writerOf } from './jsonWriter';
import { parseLetter, parseLevel, type Level } from './level';

/** A JSON log line (pino, zap, logrus, logback, structlog, ECS, GELF …) brought to one form. */
export interface JsonLine {
  /** The message, then the error's own texts, then `key=value` of the other plain fields. */
  message: string;
  level: Level | null;
  /** Service or application that the line names. */
  writer: string | null;
  /** Which of its replicas, where the line says so. */
  instance: string | null;
  /** Names of its own fields. */
  names: readonly string[];
  /** Docker's `json-file`: the program's line inside. */
  nested: string | null;
}

/** Where loggers put what the program says; all that are there are read. */
const messageKeys = [
  'msg',
  'message',
  'event',
  '@message',
  'log',
  'short_message',
  'MESSAGE',
  '@m',
];
/**
 * Where exporters put it: OpenTelemetry, Cloud Logging, Azure Container Apps. Beside a logger's own
 * message such a field holds what the program was given, so only without one the first is read.
 */
const payloadKeys = [
  'Message',
  'RenderedMessage',
  'body',
  'Body',
  'textPayload',
  'jsonPayload',
  'Msg',
  'Log_s',
];
const levelKeys = [
  'level',
  'severity',
  'lvl',
  'log.level',
  'levelname',
  '@l',
  'loglevel',
  'Level',
  '@level',
  'logLevel',
  'LogLevel',
  'severityText',
  'SeverityText',
  'Severity',
];
const errorKeys =
  /^(?:err|error|exception|exc_info|stack|stack_trace|stacktrace|cause|reason|throwable|thrown|exception_message|errorMessage|errorVerbose|@x|details?|fields|attr|full_message)$|^error\./i;
const timeKeys = /^(?:time|ts|timestamp|@timestamp|@t|date|datetime|pid|hostname|v|_\w+)$/i;

/** Docker's record of a health check: what its last runs printed. */
const healthLog = 'Log';

/** Reads a line of JSON; null when it is none. */
export function flattenJson(text: string): JsonLine | null {
  const fields = parse(text);
  if (!fields) return null;
  const nested =
    typeof fields.log === 'string' && typeof fields.stream === 'string'
      ? fields.log.replace(/\r?\n$/, '')
      : null;
  const level = statedLevel(fields) ?? nestedLevel(fields) ?? mongoLevel(fields);
  const read = keysOfMessage(fields);
  const parts = read.flatMap((key) => textOf(fields[key]) ?? []);
  const quiet = level === 'info' || level === 'debug';
  for (const [key, value] of Object.entries(fields)) {
    if (read.includes(key) || levelKeys.includes(key) || timeKeys.test(key)) continue;
    if (errorKeys.test(key) || key === healthLog) collectTexts(value, parts, 0);
    else if (!quiet && (typeof value === 'string' || typeof value === 'number')) {
      parts.push(`${key}=${value}`);
    }
  }
  return {
    message: parts.join(' '),
    level,
    writer: writerOf(fields),
    instance: instanceOf(fields),
    names: Object.keys(fields),
    nested,
  };
}

/** One plain field at the head of an object, with what divides it from the next. */
const plainField =
  /\s*"([\w@.-]{1,40})"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)\s*(?:,|(?=\}))/y;
/** Level and writer stand among the first fields. */
const headFields = 12;

/**
 * What the first fields say of a JSON line that a collector cut off, which is none any more: the
 * level and the writer. Null where it does not begin like one.
 */
export function headOfCutJson(text: string): Pick<JsonLine, 'level' | 'writer'> | null {
  const fields: Record<string, unknown> = {};
  let position = 1;
  for (let count = 0; count < headFields; count++) {
    plainField.lastIndex = position;
    const match = plainField.exec(text.slice(0, 2000));
    if (!match) break;
    const [, name = '', value = ''] = match;
    fields[name] = value.startsWith('"') ? value.slice(1, -1) : Number(value);
    position = plainField.lastIndex;
  }
  return position === 1
    ? null
    : { level: firstOf(fields, levelKeys, parseLevel), writer: writerOf(fields) };
}

function parse(text: string): Data | null {
  try {
    const value: unknown = JSON.parse(text);
    return isData(value) ? value : null;
  } catch {
    return null;
  }
}

/** The fields that hold what the program says. */
function keysOfMessage(fields: Data): readonly string[] {
  const own = messageKeys.filter((key) => textOf(fields[key]) !== null);
  return own.length > 0
    ? own
    : payloadKeys.filter((key) => textOf(fields[key]) !== null).slice(0, 1);
}

/** A message as it stands, in OpenTelemetry's typed value, or in a payload of fields. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!isData(value)) return null;
  const inner = value.stringValue ?? value.message ?? value.msg;
  return typeof inner === 'string' ? inner : null;
}

function firstOf<T>(
  fields: Data,
  keys: readonly string[],
  read: (value: unknown) => T | null,
): T | null {
  for (const key of keys) {
    const value = read(fields[key]);
    if (value !== null) return value;
  }
  return null;
}

function nestedLevel({ log, jsonPayload }: Data): Level | null {
  const holder = [log, jsonPayload].find(isData);
  return holder ? (parseLevel(holder.level) ?? parseLevel(holder.severity)) : null;
}

/**
 * The level in a field of its own. Collectors give whatever a program prints their default, which is
 * info (journald, Datadog, Cloud Logging's text): that says nothing of the line.
 */
function statedLevel(fields: Data): Level | null {
  const own = firstOf(fields, levelKeys, parseLevel);
  if (own) return own === 'info' && typeof fields.textPayload === 'string' ? null : own;
  // Datadog; an answer's status is a number.
  const status = typeof fields.status === 'string' ? parseLevel(fields.status) : null;
  const collected = journalLevel(fields) ?? status;
  return collected === 'info' ? null : collected;
}

/** journald: syslog's number from 0, an emergency, to 7. */
const priorities: readonly Level[] = [
  'fatal',
  'fatal',
  'fatal',
  'error',
  'warn',
  'info',
  'info',
  'debug',
];

function journalLevel({ PRIORITY }: Data): Level | null {
  return typeof PRIORITY === 'string' ? (priorities[Number(PRIORITY)] ?? null) : null;
}

/** MongoDB says it in one letter, next to the component. */
function mongoLevel({ s, c }: Data): Level | null {
  return typeof c === 'string' ? parseLetter(s) : null;
}

/** Texts of an error object, its causes included; the depth is bounded. */
function collectTexts(value: unknown, into: string[], depth: number): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number' || depth > 4) return;
  else if (Array.isArray(value)) value.forEach((item) => collectTexts(item, into, depth + 1));
  else if (isData(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'number' || /^(?:code|host|hostname|address|path|syscall)$/.test(key)) {
        into.push(`${key}=${String(inner)}`);
      } else collectTexts(inner, into, depth + 1);
    }
  }
}
