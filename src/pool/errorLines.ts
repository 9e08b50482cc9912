/** A line is cut after this many characters, so that a program cannot fill our memory with one. */
const longestLine = 4_096;
/** A flood is heard in part: so many lines in each second. */
const linesInSecond = 500;

/**
 * Cuts a program's standard error into lines for `onLine`, whatever the chunks. Lines of a flood
 * are counted rather than handed on.
 * @returns takes the next chunk; without one, the last line had no end
 */
export function errorLines(onLine: (line: string) => void): (chunk?: Buffer) => void {
  const decoder = new TextDecoder();
  const flood = new Flood(onLine);
  let rest = '';
  return (chunk) => {
    const text = rest + decoder.decode(chunk, { stream: chunk !== undefined });
    const lines = text.split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) flood.take(line.replace(/\r$/, '').slice(0, longestLine));
    if (chunk === undefined) {
      if (rest !== '') flood.take(rest);
      flood.end();
      rest = '';
    }
  };
}

class Flood {
  private second = -1;
  private taken = 0;

  constructor(private readonly onLine: (line: string) => void) {}

  take(line: string): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.second) {
      this.end();
      this.second = second;
      this.taken = 0;
    }
    this.taken++;
    if (this.taken <= linesInSecond) this.onLine(line);
  }

  end(): void {
    const lost = this.taken - linesInSecond;
    if (lost > 0) this.onLine(`(${lost} more lines of this second are not shown)`);
    this.taken = 0;
  }
}
