/** How serious a program says that its line is. */
export type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** A program says that something failed. */
export function isFailure(level: Level | null): boolean {
  return level === 'error' || level === 'fatal';
}

/** It says so, or warns. */
export function isLoud(level: Level | null): boolean {
  return level === 'warn' || isFailure(level);
}

const words: Readonly<Record<string, Level>> = {
  trace: 'debug',
  trce: 'debug',
  debug: 'debug',
  dbug: 'debug',
  verbose: 'debug',
  fine: 'debug',
  finer: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  notice: 'info',
  note: 'info',
  system: 'info',
  success: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  error: 'error',
  err: 'error',
  eror: 'error',
  erro: 'error',
  fail: 'error',
  severe: 'error',
  crit: 'fatal',
  critical: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  fatal: 'fatal',
  ftl: 'fatal',
  fata: 'fatal',
  pani: 'fatal',
  dpanic: 'fatal',
  panic: 'fatal',
};

/** The level of a word such as `WARN` or `err`, of pino's and bunyan's 10 to 60, or of syslog's name. */
export function parseLevel(value: unknown): Level | null {
  if (typeof value === 'number') {
    if (value < 20) return value >= 10 ? 'debug' : null;
    if (value < 30) return 'debug';
    if (value < 40) return 'info';
    if (value < 50) return 'warn';
    return value < 60 ? 'error' : 'fatal';
  }
  return typeof value === 'string' ? (words[value.toLowerCase()] ?? null) : null;
}

/** Of klog, MongoDB, Telegraf and apt. */
const letters: Readonly<Record<string, Level>> = {
  D: 'debug',
  I: 'info',
  W: 'warn',
  E: 'error',
  F: 'fatal',
};

/** The level of a letter such as MongoDB's `W`. */
export function parseLetter(value: unknown): Level | null {
  return typeof value === 'string' ? (letters[value.slice(0, 1)] ?? null) : null;
}

/** `E! ` behind a stamp, `E: ` at the start. */
const letter = /(?:^|[\dZ] )([DIWEF])! |^([WE]): /;

const forms: readonly RegExp[] = [
  /\b(?:level|lvl|severity)=["']?([a-z]+)/i,
  /^([A-Za-z]+): /,
  /^<[0-9]>/,
  /^::(error|warning|notice|debug)\b/, // GitHub Actions
  /[[(<] ?([A-Za-z]+) ?[\])>]/, // Log4j and Fluent Bit fill up with a space
  /^\d{4}-\S{6,40}\t([A-Za-z]+)\t/, // zap
  /: ([A-Z]+)\/[\w-]+\] /, // Celery
  /^(DEBU|INFO|WARN|ERRO|FATA|PANI)\[\d+\] /, // logrus on a terminal
  /(?:^|[\s|:\]])(TRACE|DEBUG|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL|PANIC|EMERG|ALERT)(?:$|[\s:|[\]])/,
];

/** `E1124 10:00:00`; CockroachDB puts the year before, newer glog all of it. */
const klog = /^([IWEF])(?:\d\d|\d{4})?\d{4} \d\d:\d\d/;

/** Redis: process, role, date, and one sign. */
const redis = /^\d+:[CMSX] \d\d \w{3} \d{4} [\d:.]+ ([.*#-]) /;
const redisLevels: Readonly<Record<string, Level>> = {
  '.': 'debug',
  '-': 'debug',
  '*': 'info',
  '#': 'warn',
};

/** The level that a plain text line states near its start; null when it states none. */
export function levelOf(text: string): Level | null {
  const head = text.length > 160 ? text.slice(0, 160) : text;
  const klogLetter = klog.exec(head)?.[1];
  if (klogLetter) return parseLetter(klogLetter);
  // Azure Pipelines: the step ends with it.
  if (head.startsWith('##[error]')) return 'fatal';
  const short = letter.exec(head);
  if (short) return parseLetter(short[1] ?? short[2]);
  const sign = redis.exec(head)?.[1];
  if (sign) return redisLevels[sign] ?? null;
  for (const form of forms) {
    const level = parseLevel(form.exec(head)?.[1]);
    if (level) return level;
  }
  return null;
}
