/**
 * A number that is the same for lines that differ only in what varies from one occurrence to the
 * next: words that hold a digit (times, ids, addresses, counts). Numbers that tell failures apart
 * count: short ones after "code", "status" … and the status of an access log.
 */
export function templateOf(bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, from + MAX_BYTES);
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  let previousWord = 0;
  let afterQuote = false;
  for (let i = from; i < end;) {
    const wordStart = i;
    let word = 0x811c9dc5;
    let digits = 0;
    for (; i < end; i++) {
      const kind = KINDS[bytes[i] as number] as number;
      if (kind === SEPARATOR) break;
      if (kind === DIGIT) digits++;
      word = Math.imul(word ^ ((bytes[i] as number) | 0x20), 0x01000193);
    }
    const length = i - wordStart;
    if (length > 0) {
      const tellsApart =
        digits === length && length <= 3 && (afterQuote || TELLING_WORDS.has(previousWord));
      const token = digits === 0 || tellsApart ? word : NUMBER_TOKEN;
      low = Math.imul(low ^ token, 0x01000193);
      high = Math.imul(high ^ token, 0x5bd1e995);
      previousWord = word;
      afterQuote = false;
    } else {
      const byte = bytes[i] as number;
      low = Math.imul(low ^ byte, 0x01000193);
      if (byte === QUOTE) afterQuote = true;
      else if (byte !== SPACE) afterQuote = false;
      i++;
    }
  }
  return (low >>> 0) * 0x10000 + ((high >>> 8) & 0xffff);
}

/** What comes after is seldom what tells two failures apart. */
const MAX_BYTES = 600;
const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;
const QUOTE = 34;
const SPACE = 32;
const NUMBER_TOKEN = 0x23;

const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 48 && byte <= 57) return DIGIT;
  const letter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  return letter || byte === 95 || byte >= 128 ? LETTER : SEPARATOR;
});

const TELLING_WORDS = new Set(
  ['code', 'status', 'exit', 'exitcode', 'signal', 'errno', 'error', 'port'].map((text) => {
    let hash = 0x811c9dc5;
    for (const letter of Buffer.from(text)) hash = Math.imul(hash ^ (letter | 0x20), 0x01000193);
    return hash;
  }),
);
