import { Readable } from 'node:stream';
import { WarRoomError } from '../../src/base/errors';
import type { Analysis } from '../../src/incident/analysis';
import type { Citation, EvidenceText } from '../../src/incident/evidence';
import { readLog } from '../../src/intake/readLog';
import { LineScanner } from '../../src/intake/scan/lineScanner';
import { compilePrefilter, toPortable } from '../../src/intake/scan/prefilter';
import { analyse } from '../../src/playbooks/analyse';
import { prefilterPatterns } from '../../src/playbooks/signals';

const patterns = prefilterPatterns();
const prefilter = compilePrefilter(toPortable(patterns), 10);
/** For the shape of very long lines: to make a prefilter of all for each takes longer than the rest. */
const few = patterns.slice(0, 40);
/** What a log may be refused for. */
const refusals: ReadonlySet<string> = new Set(['binary-log', 'empty-log']);

/**
 * Reads and judges one log twice, with the real parts.
 * @throws what the product throws and must not, or an error that says which promise was broken
 */
export async function check(bytes: Buffer): Promise<void> {
  // The dear checks for a part of the inputs, which depends on nothing but the input.
  const thorough = bytes.length % 8 === 0;
  if (thorough) scanTwice(bytes);
  const text = await read(bytes);
  if (thorough) expectEqual('what was read', text, await read(bytes));
  if (!text) return;
  const analysis = analyse([text]);
  expectEqual('the answer', analysis, analyse([structuredClone(text)]));
  for (const citation of citationsIn(analysis)) expectCited(citation, text);
}

/** The evidence of a log; null where it is refused in words. */
async function read(bytes: Buffer): Promise<EvidenceText | null> {
  try {
    const stream = Readable.from([Buffer.from(bytes)]);
    const { text, fingerprint } = await readLog(
      { kind: 'stream', source: 'fuzz.log', stream },
      { patterns: few },
    );
    if (!/^[0-9a-f]{64}$/.test(fingerprint)) throw new Error(`fingerprint ${fingerprint}`);
    return text;
  } catch (error) {
    if (WarRoomError.is(error) && refusals.has(error.code)) return null;
    throw error;
  }
}

/** The scan of a large log finds the same lines however its bytes arrive; only context may differ. */
function scanTwice(bytes: Buffer): void {
  const whole = new LineScanner(prefilter, 10);
  whole.push(bytes);
  const parts = new LineScanner(prefilter, 10);
  for (let at = 0; at < bytes.length; at += 997) parts.push(bytes.subarray(at, at + 997));
  const [one, other] = [whole.finish(), parts.finish()].map(
    ({ totalLines, matchedLines, head }) => ({
      totalLines,
      matchedLines,
      head,
    }),
  );
  expectEqual('what a scan found', one, other);
}

function expectEqual(what: string, one: unknown, other: unknown): void {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  if (left !== right)
    throw new Error(`${what} differs: ${left.slice(0, 300)} / ${right.slice(0, 300)}`);
}

function expectCited({ line, text, source }: Citation, evidence: EvidenceText): void {
  const cited = evidence.lines.find(({ number }) => number === line);
  if (source === evidence.source && cited?.text.includes(text)) return;
  throw new Error(`line ${line} does not hold what is cited: ${text.slice(0, 300)}`);
}

/** Every citation of an answer, wherever it stands. */
function citationsIn(analysis: Analysis): Citation[] {
  const found: Citation[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isCitation(value)) found.push(value);
    Object.values(value).forEach(visit);
  };
  visit(analysis);
  return found;
}

function isCitation(value: object): value is Citation {
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'line' in value &&
    typeof value.line === 'number' &&
    'text' in value &&
    typeof value.text === 'string'
  );
}
