import type { LogLine } from '../read/logLine';

/** Who wrote a line, as far as its prefix says; a process keeps its name over restarts. */
export function writerOf(line: LogLine | undefined): string | null {
  if (!line) return null;
  return `${line.writer ?? ''} ${line.process?.replace(/\[\d+\]$/, '') ?? ''}`;
}

/** The lines of logs by the program that wrote them. */
export interface Voices {
  /** The lines of each program, in their order. */
  all: readonly (readonly LogLine[])[];
  /** The lines of the program that wrote this one. */
  of: (line: LogLine) => readonly LogLine[];
}

/**
 * Tells programs that share a log apart: another writer, or another form of line, is another
 * program, and how it does says nothing of this one. Lines without a form (a stack trace, a bare
 * sentence) are of the only program that stamps its lines; where several do, nobody knows whose they
 * are, and they stand apart.
 */
export function voicesIn(lines: readonly LogLine[]): Voices {
  const logs = lines.filter(({ kind }) => kind === 'log');
  const forms = new Map<string, Set<string>>();
  for (const line of logs) {
    if (line.form === '') continue;
    const key = nameOf(line);
    forms.set(key, (forms.get(key) ?? new Set()).add(line.form));
  }
  const keyOf = (line: LogLine): string => {
    const name = nameOf(line);
    return (forms.get(name)?.size ?? 0) < 2 ? name : `${name}\n${line.form}`;
  };
  const voices = new Map<string, LogLine[]>();
  for (const line of logs) {
    const key = keyOf(line);
    const voice = voices.get(key);
    if (voice) voice.push(line);
    else voices.set(key, [line]);
  }
  return { all: [...voices.values()], of: (line) => voices.get(keyOf(line)) ?? [] };
}

function nameOf(line: LogLine): string {
  return `${line.source}\n${writerOf(line) ?? ''}`;
}
