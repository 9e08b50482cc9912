import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { WarRoomError } from '../base/errors';
import type { FileSource, LogSource, TextSource } from './source';

/** A log of which the start was read. */
export interface OpenLog {
  source: string;
  /** Names the log in sentences. */
  label: string;
  /** Whether it is a selection of something longer. */
  isPart: boolean;
  firstLine: number;
  /** All of it when `whole`, else what was read so far. */
  start: Uint8Array;
  whole: boolean;
  /** Null when that shows only at the end. */
  totalBytes: number | null;
  bytesRead(): number;
  /** A regular file, which can be read in ranges. */
  file: { path: string; handle: FileHandle } | null;
  /** Everything from the start; can be read once. */
  chunks(onBytes: (bytes: number) => void): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a log and reads it whole if it has at most `small` bytes.
 * @throws code `unreadable-log`, `cancelled`
 */
export async function openLog(
  source: LogSource,
  small: number,
  signal: AbortSignal,
): Promise<OpenLog> {
  switch (source.kind) {
    case 'text':
      return openText(source, small);
    case 'file':
      return await openFile(source, small, signal);
    case 'stream': {
      const label = source.source === '-' ? 'Standard input' : source.source;
      return await openStream(source.stream, { source: source.source, label }, small, signal);
    }
  }
}

function openText({ source, text, firstLine }: TextSource, small: number): OpenLog {
  const bytes = Buffer.from(text);
  return {
    source,
    label: 'The selection',
    isPart: firstLine !== undefined,
    firstLine: firstLine ?? 1,
    start: bytes,
    whole: bytes.length <= small,
    totalBytes: bytes.length,
    bytesRead: () => bytes.length,
    file: null,
    chunks: (onBytes) => counted([bytes], onBytes),
    close: () => Promise.resolve(),
  };
}

async function openFile(
  { path, source = path }: FileSource,
  small: number,
  signal: AbortSignal,
): Promise<OpenLog> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const stat = await handle.stat();
    const named = { source, label: path };
    if (stat.isDirectory()) throw unreadable(path, { code: 'EISDIR' });
    // A pipe, a device or a file of /proc: its size says nothing.
    if (!stat.isFile() || stat.size === 0) {
      const stream = handle.createReadStream({ autoClose: false });
      const opened = await openStream(stream, named, small, signal);
      return { ...opened, close: () => handle.close() };
    }
    const start = await readStart(handle, Math.min(stat.size, small));
    return {
      ...named,
      isPart: false,
      firstLine: 1,
      start,
      whole: stat.size <= small,
      totalBytes: stat.size,
      bytesRead: () => stat.size,
      file: { path, handle },
      chunks: (onBytes) =>
        counted(
          handle.createReadStream({ start: 0, end: stat.size - 1, autoClose: false }),
          onBytes,
        ),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw WarRoomError.is(error) ? error : unreadable(path, error);
  }
}

async function readStart(handle: FileHandle, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function openStream(
  stream: Readable,
  named: { source: string; label: string },
  small: number,
  signal: AbortSignal,
): Promise<OpenLog> {
  const onAbort = () =>
    stream.destroy(new WarRoomError('cancelled', 'Reading the log was cancelled.'));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const iterator = readBytes(stream, named.label);
  const first: Uint8Array[] = [];
  let bytes = 0;
  let ended = false;
  while (bytes <= small && !ended) {
    const next = await iterator.next();
    if (next.done) {
      ended = true;
    } else {
      first.push(next.value);
      bytes += next.value.length;
    }
  }
  async function* rest() {
    yield* first.splice(0);
    for await (const chunk of iterator) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  return {
    ...named,
    isPart: false,
    firstLine: 1,
    start: Buffer.concat(first),
    whole: ended,
    totalBytes: null,
    bytesRead: () => bytes,
    file: null,
    chunks: (onBytes) => counted(rest(), onBytes),
    close: () => {
      signal.removeEventListener('abort', onAbort);
      return Promise.resolve();
    },
  };
}

async function* readBytes(stream: Readable, label: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array | string>)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    throw WarRoomError.is(error) ? error : unreadable(label, error);
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    onBytes(chunk.length);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'was not found; check the path',
  EACCES: 'may not be read by you; change its permissions or copy what you need',
  EPERM: 'may not be read by you; change its permissions or copy what you need',
  EISDIR: 'is a folder; choose a log file in it',
  ENOTDIR: 'was not found; check the path',
  ELOOP: 'is a link that leads back to itself; choose the log itself',
  ENAMETOOLONG: 'has too long a name; check the path',
};

function unreadable(label: string, cause: unknown): WarRoomError {
  const code = cause instanceof Object && 'code' in cause ? String(cause.code) : '';
  const detail = cause instanceof Error ? cause.message : code;
  const reason = REASONS[code] ?? `could not be read (${detail}); try again or copy it elsewhere`;
  return new WarRoomError('unreadable-log', `${label} ${reason}, then run the diagnosis again.`, {
    cause,
  });
}
