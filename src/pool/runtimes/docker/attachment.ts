import { PassThrough, Writable } from 'node:stream';
import type { Duplex, Readable } from 'node:stream';

import { StreamFrames } from '../../../base/streamFrames';
import type { Engine } from '../../engine/connect';
import { openRaw } from '../../engine/stream';
import { errorLines } from '../../errorLines';

/** The standard streams of a container over one connection. */
export interface Attachment {
  readonly input: Writable;
  readonly output: Readable;
  /** Fulfilled when the connection has ended in whatever way. */
  readonly closed: Promise<void>;
  /** True from the last byte of the output on. */
  readonly isEnded: () => boolean;
}

/**
 * Attaches to a container that was made and not yet started, so that nothing of it is missed. The
 * connection is destroyed with `signal`.
 */
export async function attach(
  { place }: Engine,
  containerId: string,
  onErrorLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  const path = `/containers/${containerId}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const connection = await openRaw(place.connection, { method: 'POST', path }, signal);
  return attachmentOver(connection, onErrorLine);
}

/** The streams of a connection that was attached. */
export function attachmentOver(
  connection: Duplex,
  onErrorLine: (line: string) => void,
): Attachment {
  const output = new PassThrough();
  const takeErrors = errorLines(onErrorLine);
  const closed = new Promise<void>((resolve) => {
    connection.once('close', () => {
      takeErrors();
      output.end();
      resolve();
    });
  });
  // How it was lost is of no use; that it was is told by its end.
  connection.on('error', () => undefined);
  connection.on('end', () => output.end());
  const isEnded = () => output.writableEnded;
  split(connection, output, takeErrors);
  return { input: inputOf(connection), output, closed, isEnded };
}

/** Hands the frames on; while nobody reads the output, nothing more is read from the engine. */
function split(connection: Duplex, output: PassThrough, takeErrors: (chunk: Buffer) => void): void {
  const frames = new StreamFrames();
  output.on('error', () => undefined);
  // What nobody will read is let go, so that the program is not held up by it.
  output.once('close', () => connection.resume());
  connection.on('data', (bytes: Buffer) => {
    try {
      let isFull = false;
      for (const { stream, payload } of frames.push(bytes)) {
        if (stream === 1 && output.writable) isFull = !output.write(payload);
        else if (stream > 1) takeErrors(payload);
      }
      if (isFull) {
        connection.pause();
        output.once('drain', () => connection.resume());
      }
    } catch {
      connection.destroy();
    }
  });
}

/** What is written goes to the program; its end is half of the connection's, the answers still come. */
function inputOf(connection: Duplex): Writable {
  const input = new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _, done) => {
      connection.write(chunk, done);
    },
    final: (done) => {
      if (connection.destroyed) done();
      else connection.end(() => done());
    },
  });
  // A program that is gone reads no more; its end tells it.
  input.on('error', () => undefined);
  return input;
}
