import { withDeadline } from '../base/deadline';
import { WarRoomError } from '../base/errors';
import type { EvidenceText } from '../incident/evidence';
import { boundLine, cleanLine, LONGEST_LINE } from './clean';
import { decodeAll, detectEncoding, SAMPLE_BYTES, toUtf8, type Encoding } from './encoding';
import { fingerprintInSlices } from './fingerprint';
import { openLog, type OpenLog } from './openLog';
import { maskLine, maskLines } from './masking/mask';
import { chooseLines, type RawLine, type ScanResult } from './scan/excerpts';
import {
  compilePrefilter,
  matchLine,
  toPortable,
  type PortablePattern,
  type Prefilter,
} from './scan/prefilter';
import { scanChunks } from './scan/scanChunks';
import type { IntakeOptions, LogSource } from './source';

/** A log, read and masked. */
export interface IntakeResult {
  text: EvidenceText;
  /** Bytes of the original. */
  totalBytes: number;
  /** See `fingerprintOf`. */
  fingerprint: string;
  /** How often lines of one shape occurred in a large log, by the number of the first one. */
  repetitions: readonly { line: number; times: number }[];
  /** What a person should know of how it was read, in sentences. */
  notes: readonly string[];
}

/** Up to this size a source is kept whole. */
export const SMALL_BYTES = 4 * 1024 * 1024;
const DEFAULT_CAP = 1024 * 1024;
const DEFAULT_DEADLINE_MS = 600_000;

/**
 * Reads one log, masks its secrets and takes its fingerprint. A large one is read in constant
 * memory, and of it only start, end and what matches `patterns` is kept.
 * @throws code `empty-log`, `binary-log`, `unreadable-log`, `cancelled`, `deadline`
 */
export async function readLog(source: LogSource, options: IntakeOptions): Promise<IntakeResult> {
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  return await withDeadline('Reading the log', deadlineMs, options.signal, async (signal) => {
    const log = await openLog(source, SMALL_BYTES, signal);
    try {
      return await readOpened(log, options, signal);
    } finally {
      await log.close();
    }
  });
}

/**
 * Reads several logs. Selections of the same source become one text, in the order of their lines.
 * @throws like {@link readLog}; `empty-log` only when all of them are empty
 */
export async function readLogs(
  sources: readonly LogSource[],
  options: IntakeOptions,
): Promise<{ results: IntakeResult[]; fingerprint: string }> {
  const results: IntakeResult[] = [];
  let empty: unknown = emptyLog('The selection');
  for (const source of sources) {
    try {
      results.push(await readLog(source, options));
    } catch (error) {
      if (!WarRoomError.is(error, 'empty-log')) throw error;
      empty = error;
    }
  }
  if (results.length === 0) throw empty;
  const merged = await mergeSelections(results);
  const [first] = merged;
  const fingerprint =
    first && merged.length === 1
      ? first.fingerprint
      : await fingerprintInSlices(
          merged.map(({ text }) => text),
          options.signal,
        );
  return { results: merged, fingerprint };
}

async function readOpened(
  log: OpenLog,
  options: IntakeOptions,
  signal: AbortSignal,
): Promise<IntakeResult> {
  const encoding = detectEncoding(log.start.subarray(0, SAMPLE_BYTES), log.label);
  const patterns = toPortable(options.patterns);
  const kept = log.whole
    ? readWhole(log, encoding, patterns)
    : await readLarge(log, encoding, options, signal);
  if (kept.lines.every(({ text }) => text.trim() === '')) throw emptyLog(log.label);
  const text: EvidenceText = {
    // A file's name, or the folder's, may hold a secret too.
    source: maskLine(log.source),
    lines: await maskLines(kept.lines, signal),
    complete: kept.lines.length === kept.totalLines && !log.isPart,
    totalLines: kept.totalLines,
  };
  return {
    text,
    totalBytes: log.bytesRead(),
    fingerprint: await fingerprintInSlices([text], signal),
    repetitions: kept.repetitions,
    notes: [...encoding.notes, ...kept.notes],
  };
}

interface Kept {
  lines: readonly RawLine[];
  totalLines: number;
  repetitions: IntakeResult['repetitions'];
  notes: readonly string[];
}

function readWhole(log: OpenLog, encoding: Encoding, patterns: readonly PortablePattern[]): Kept {
  const texts = decodeAll(log.start, encoding).split(encoding.lineEndByte === 13 ? '\r' : '\n');
  if (texts.at(-1) === '') texts.pop();
  let prefilter: Prefilter | undefined;
  // Made for the first very long line: most logs have none, and making it takes longer than reading.
  const shorten = (line: string): string => {
    if (line.length <= LONGEST_LINE) return line;
    prefilter ??= compilePrefilter(patterns, encoding.lineEndByte);
    return boundLine(line, matchLine(prefilter, line)?.at ?? null);
  };
  const lines = texts.map((text, index) => ({
    number: log.firstLine + index,
    text: shorten(cleanLine(text)),
  }));
  const cut = texts.some((text) => text.length > LONGEST_LINE);
  return {
    lines,
    totalLines: lines.length,
    repetitions: [],
    notes: cut ? ['Very long lines were cut; each says where.'] : [],
  };
}

async function readLarge(
  log: OpenLog,
  encoding: Encoding,
  options: IntakeOptions,
  signal: AbortSignal,
): Promise<Kept> {
  const scan = await scanLarge(log, encoding, options, signal);
  const lines = chooseLines(scan, options.capBytes ?? DEFAULT_CAP);
  const shown = new Set(lines.map(({ number }) => number));
  return {
    lines: lines.map(({ number, text }) => ({ number: number + log.firstLine - 1, text })),
    totalLines: scan.totalLines,
    repetitions: scan.repetitions
      .filter(({ line }) => shown.has(line))
      .map(({ line, times }) => ({ line: line + log.firstLine - 1, times })),
    notes: [
      `The log has ${scan.totalLines} lines; its start, its end and ` +
        `what looks like failures were kept, ${lines.length} lines in all.`,
    ],
  };
}

async function scanLarge(
  log: OpenLog,
  encoding: Encoding,
  options: IntakeOptions,
  signal: AbortSignal,
): Promise<ScanResult> {
  const patterns = toPortable(options.patterns);
  const total = log.totalBytes;
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    options.onProgress?.(done, total);
  };
  if (log.file && total !== null && options.workerScript && encoding.name === 'utf-8') {
    // Loaded here, since most logs are small and need no threads.
    const { scanInWorkers } = await import('./scan/scanFile');
    const job = {
      path: log.file.path,
      start: encoding.markBytes,
      end: total,
      lineEndByte: encoding.lineEndByte,
      capBytes: options.capBytes ?? DEFAULT_CAP,
      patterns,
    };
    const { workerScript, workers = 2 } = options;
    try {
      return await scanInWorkers(log.file.handle, job, { workerScript, workers, signal, onBytes });
    } catch (error) {
      // A thread that cannot run here must not keep the log from being read.
      if (!WarRoomError.is(error, 'internal')) throw error;
      done = 0;
    }
  }
  const chunks = toUtf8(log.chunks(onBytes), encoding);
  return await scanChunks(chunks, patterns, encoding.lineEndByte, signal);
}

async function mergeSelections(results: readonly IntakeResult[]): Promise<IntakeResult[]> {
  const bySource = new Map<string, IntakeResult>();
  for (const result of results) {
    const known = bySource.get(result.text.source);
    bySource.set(result.text.source, known ? await mergeTwo(known, result) : result);
  }
  return [...bySource.values()];
}

async function mergeTwo(a: IntakeResult, b: IntakeResult): Promise<IntakeResult> {
  const lines = new Map([...a.text.lines, ...b.text.lines].map((line) => [line.number, line]));
  const text: EvidenceText = {
    source: a.text.source,
    lines: [...lines.values()].sort((one, other) => one.number - other.number),
    complete: a.text.complete && b.text.complete,
    totalLines: Math.max(lines.size, a.text.totalLines, b.text.totalLines),
  };
  return {
    text,
    totalBytes: a.totalBytes + b.totalBytes,
    fingerprint: await fingerprintInSlices([text]),
    repetitions: [...a.repetitions, ...b.repetitions],
    notes: [...new Set([...a.notes, ...b.notes])],
  };
}

function emptyLog(label: string): WarRoomError {
  return new WarRoomError(
    'empty-log',
    `${label} holds no text, so there is nothing to diagnose; select the lines of the failure and try again.`,
  );
}
