import type { Socket } from 'node:net';

/** More than any tool answers: whoever sends a longer line is no peer of ours. */
const longestLine = 64 * 1024 * 1024;
const lineEnd = 0x0a;

/**
 * Hands every line of the socket to `onLine`, and destroys the socket when one is too long or
 * `onLine` throws.
 */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
      const last = chunk.subarray(start, end);
      const line = parts.length > 0 ? Buffer.concat([...parts, last]) : last;
      parts = [];
      bytes = 0;
      start = end + 1;
      onLine(line.toString('utf8'));
    }
    if (start === chunk.length) return;
    parts.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > longestLine) throw new Error('A line is too long.');
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** Sends a message as one line. What is sent to a socket that is gone is lost. */
export function writeLine(socket: Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}
