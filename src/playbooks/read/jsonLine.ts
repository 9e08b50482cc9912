import { parseLetter, parseLevel, type Level } from './level';

/** A JSON log line (pino, zap, logrus, logback, structlog, ECS, GELF …) brought to one form. */
export interface JsonLine {
  /** The message, then the error's own texts, then `key=value` of the other plain fields. */
  message: string;
  level: Level | null;
  /** Service or application that the line names. */
  writer: string | null;
  /** Names of its own fields. */
  names: readonly string[];
  /** Docker's `json-file`: the program's line inside. */
  nested: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

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
const levelKeys = ['level', 'severity', 'lvl', 'log.level', 'levelname', '@l', 'loglevel', 'Level'];
const writerKeys = [
  'service',
  'service.name',
  'app',
  'application',
  'appName',
  'app_name',
  'serviceName',
  'service_name',
  'SYSLOG_IDENTIFIER',
  'container_name',
  'component',
];
const errorKeys =
  /^(?:err|error|exception|exc_info|stack|stack_trace|stacktrace|cause|reason|throwable|thrown|exception_message|errorMessage|errorVerbose|@x|details?|fields|attr|full_message)$|^error\./i;
const timeKeys = /^(?:time|ts|timestamp|@timestamp|@t|date|datetime|pid|hostname|v|_\w+)$/i;

/** Reads a line of JSON; null when it is none. */
export function flattenJson(text: string): JsonLine | null {
  const fields = parse(text);
  if (!fields) return null;
  const nested =
    typeof fields.log === 'string' && typeof fields.stream === 'string'
      ? fields.log.replace(/\r?\n$/, '')
      : null;
  const level = firstOf(fields, levelKeys, parseLevel) ?? nestedLevel(fields) ?? mongoLevel(fields);
  const parts: string[] = [];
  for (const key of messageKeys) {
    const value = fields[key];
    if (typeof value === 'string') parts.push(value);
  }
  const quiet = level === 'info' || level === 'debug';
  for (const [key, value] of Object.entries(fields)) {
    if (messageKeys.includes(key) || levelKeys.includes(key) || timeKeys.test(key)) continue;
    if (errorKeys.test(key)) collectTexts(value, parts, 0);
    else if (!quiet && (typeof value === 'string' || typeof value === 'number')) {
      parts.push(`${key}=${value}`);
    }
  }
  return {
    message: parts.join(' '),
    level,
    writer: writerOf(fields),
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

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOf<T>(
  fields: Fields,
  keys: readonly string[],
  read: (value: unknown) => T | null,
): T | null {
  for (const key of keys) {
    const value = read(fields[key]);
    if (value !== null) return value;
  }
  return null;
}

function nestedLevel(fields: Fields): Level | null {
  const log = fields.log;
  return isFields(log) ? parseLevel(log.level) : null;
}

/** MongoDB says it in one letter, next to the component. */
function mongoLevel({ s, c }: Fields): Level | null {
  return typeof c === 'string' ? parseLetter(s) : null;
}

function writerOf(fields: Fields): string | null {
  const named = firstOf(fields, writerKeys, nameOf);
  // pino and bunyan call it `name`; only then is it the program's.
  return named ?? ('pid' in fields || 'hostname' in fields ? nameOf(fields.name) : null);
}

/** `o.e.b.Bootstrap` names a class of a program, and no program. */
const ofClass = /^(?:[a-z]\w*\.)+[A-Z]\w*$/;

function nameOf(value: unknown): string | null {
  if (isFields(value)) return nameOf(value.name);
  if (typeof value !== 'string' || !/^[\w.@/-]{2,80}$/.test(value)) return null;
  return ofClass.test(value) ? null : value;
}

/** Texts of an error object, its causes included; the depth is bounded. */
function collectTexts(value: unknown, into: string[], depth: number): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number' || depth > 4) return;
  else if (Array.isArray(value)) value.forEach((item) => collectTexts(item, into, depth + 1));
  else if (isFields(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'number' || /^(?:code|host|hostname|address|path|syscall)$/.test(key)) {
        into.push(`${key}=${String(inner)}`);
      } else collectTexts(inner, into, depth + 1);
    }
  }
}
