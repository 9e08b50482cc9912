import type { Entry } from './api';

/** Far below the 5000 that Loki usually allows, so that a careful one answers too. */
const usualPage = 1000;

/** The newest lines before a moment, at most so many, the newest first. */
export type ReadPage = (end: bigint, limit: number) => Promise<readonly Entry[]>;

interface Wanted {
  /** In ns since 1970, not itself wanted. */
  end: bigint;
  tail: number;
  mostBytes: number;
  /** Lines asked for at once. */
  pageSize?: number;
}

/** The end of a log, the oldest line first. */
export interface LastLines {
  lines: string[];
  /** There were more of these last lines, which did not fit. */
  isCut: boolean;
}

/**
 * Reads the last `tail` lines page by page, up to `mostBytes` of them. Several lines may have one
 * time: the next page begins with those of the oldest time once more, since some may be missing.
 */
export async function lastLines(
  read: ReadPage,
  { end, tail, mostBytes, pageSize = usualPage }: Wanted,
): Promise<LastLines> {
  const held: Entry[] = [];
  let bytes = 0;
  let before = end;
  for (;;) {
    const oldest = held.at(-1)?.time;
    const again = new Set(held.filter(({ time }) => time === oldest).map(keyOf));
    const limit = Math.min(pageSize, tail - held.length) + again.size;
    const page = await read(before, limit);
    const fresh = page.filter((entry) => !again.has(keyOf(entry)));
    held.push(...fresh);
    bytes += fresh.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
    const last = held.at(-1);
    const isCut = bytes > mostBytes;
    if (fresh.length === 0 || page.length < limit || held.length >= tail || isCut || !last) {
      return { lines: held.reverse().map(({ line }) => line), isCut };
    }
    before = last.time + 1n;
  }
}

/** Loki keeps a line of a stream once at a time. */
function keyOf({ time, labels, line }: Entry): string {
  return JSON.stringify([String(time), Object.entries(labels).sort(), line]);
}
