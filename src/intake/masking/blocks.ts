import { isPlaceholder } from './rule';

/** A line as the masker sees it: its text, and whether it follows the line before in the original. */
export interface BlockLine {
  text: string;
  follows: boolean;
}

/** The part of a line that is masked because of the lines around it. */
export interface BlockMask {
  kind: string;
  from: number;
  to: number;
}

type Marks = Map<number, BlockMask>;

/** Finds secrets that only the lines around them give away. Keys of the result are line indexes. */
export function findBlocks(lines: readonly BlockLine[]): Marks {
  const marks: Marks = new Map();
  markPrivateKeys(lines, marks);
  markNakedBase64(lines, marks);
  lines.forEach(({ text }, index) => {
    if (text.includes('Secret') && KIND_SECRET.test(text)) markSecretData(lines, index, marks);
    if (SECRET_NAME.test(text)) markEnvValue(lines, index, marks);
    if (SECRET_BLOCK.test(text)) markBlockScalar(lines, index, marks);
  });
  return marks;
}

const BEGIN = /-----BEGIN ([A-Z ]{0,30})PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;
const OTHER_BEGIN = /-----BEGIN [A-Z ]{0,30}-----/;
const OTHER_END = /-----END [A-Z ]{0,30}-----/;
/** Base64, a header of the block or nothing, perhaps behind a timestamp, quotes or indentation. */
const KEY_BODY =
  /^(?:.{0,64}[\s|"'>])?(?:[A-Za-z0-9+/=]{1,200}(?:\\n)?["']?,?|[A-Z][\w-]{2,20}: .{1,200}|=[\w+/]{4}|)\s*$/;
/** Longest private key, in lines. */
const KEY_LINES = 300;

function markPrivateKeys(lines: readonly BlockLine[], marks: Marks): void {
  let kind: string | null = null;
  let left = 0;
  lines.forEach(({ text, follows }, index) => {
    if (kind !== null && follows && left-- > 0) {
      const end = END.exec(text);
      if (end) {
        if (end.index > 0) mark(marks, index, kind, text.slice(0, end.index));
        kind = null;
        return;
      }
      if (KEY_BODY.test(text)) {
        mark(marks, index, kind, text);
        return;
      }
    }
    kind = null;
    const begin = text.includes('-----BEGIN ') ? BEGIN.exec(text) : null;
    // A key that stands on one line ends there, also when its end is masked already.
    if (!begin || END.test(text) || text.includes('[masked ', begin.index)) return;
    kind = privateKeyKind(begin[1] ?? '');
    left = KEY_LINES;
  });
}

function privateKeyKind(label: string): string {
  if (label.startsWith('PGP')) return 'pgp-private-key';
  return label.startsWith('OPENSSH') ? 'ssh-private-key' : 'private-key';
}

const BASE64_LINE = /^\s{0,64}[A-Za-z0-9+/]{48,200}={0,2}\s*$/;
const BASE64_REST = /^\s{0,64}[A-Za-z0-9+/]{4,200}={0,2}\s*$/;

/** The rest of a private key of which the BEGIN line was cut away: lines of nothing but base64. */
function markNakedBase64(lines: readonly BlockLine[], marks: Marks): void {
  let inPublic = false;
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index]?.text ?? '';
    if (text.includes('-----')) {
      if (OTHER_BEGIN.test(text)) inPublic = !BEGIN.test(text);
      if (OTHER_END.test(text)) inPublic = false;
    }
    if (inPublic || marks.has(index) || !isNakedBase64(text)) continue;
    let end = index + 1;
    while (end < lines.length && lines[end]?.follows && isNakedBase64(lines[end]?.text ?? ''))
      end++;
    const endsKey = END.test(lines[end]?.text ?? '') || END.test(lines[end + 1]?.text ?? '');
    if (end - index < 2 && !endsKey) continue;
    if (lines[end]?.follows && BASE64_REST.test(lines[end]?.text ?? '')) end++;
    for (let at = index; at < end; at++) mark(marks, at, 'private-key', lines[at]?.text ?? '');
    index = end - 1;
  }
}

/** Digests are hex, and paths hold many slashes. */
function isNakedBase64(text: string): boolean {
  if (!BASE64_LINE.test(text)) return false;
  const body = text.trim();
  const slashes = body.split('/').length - 1;
  return (
    slashes <= body.length / 10 &&
    /[a-z]/.test(body) &&
    /[A-Z]/.test(body) &&
    /\d/.test(body) &&
    !/^[0-9a-fA-F]+$/.test(body)
  );
}

const KIND_SECRET = /^(\s*(?:- )?)["']?kind["']?\s*:\s*["']?Secret["']?\s*(?:,\s*)?$/;
const DATA_KEY = /^["']?(?:data|stringData)["']?\s*:\s*(?:\{\s*)?$/;
/** Lines of one manifest that are looked at in each direction. */
const MANIFEST_LINES = 2000;

/** Masks the values of `data` and `stringData` beside `kind: Secret`, in YAML and in JSON of several lines. */
function markSecretData(lines: readonly BlockLine[], kindIndex: number, marks: Marks): void {
  const level = columnOf(lines[kindIndex]?.text ?? '');
  const isSibling = (index: number) => columnOf(lines[index]?.text ?? '') === level;
  for (const step of [-1, 1]) {
    for (let n = 0, index = kindIndex; n < MANIFEST_LINES; n++) {
      const text = lines[index]?.text ?? '';
      if (index !== kindIndex && isSibling(index) && DATA_KEY.test(withoutDash(text)))
        markValues(lines, index, level, marks);
      // A dash at this column starts the manifest when it is in a list.
      if (step < 0 && /^\s*- /.test(text) && isSibling(index)) break;
      if (step < 0 && !lines[index]?.follows) break;
      index += step;
      const next = lines[index];
      if (!next || (step > 0 && !next.follows) || next.text.startsWith('---')) break;
      if (next.text.trim() !== '' && columnOf(next.text) < level) break;
      if (step > 0 && /^\s*- /.test(next.text) && columnOf(next.text) <= level) break;
    }
  }
}

function markValues(lines: readonly BlockLine[], dataIndex: number, level: number, marks: Marks) {
  for (let index = dataIndex + 1; index < lines.length; index++) {
    const { text, follows } = lines[index] ?? { text: '', follows: false };
    if (!follows) return;
    if (text.trim() === '') continue;
    if (columnOf(text) <= level) return;
    const pair = /^(\s*["']?[\w.-]{1,253}["']?\s*:\s*)(\S.*?),?$/.exec(text.trimEnd());
    if (!pair) {
      // A line of a block scalar.
      if (text.trim() !== '{' && text.trim() !== '}') mark(marks, index, 'kubernetes-secret', text);
      continue;
    }
    const value = pair[2] ?? '';
    const from = pair[1]?.length ?? 0;
    if (/^[|>][-+\d]*$/.test(value) || isPlaceholder(value)) continue;
    marks.set(index, { kind: 'kubernetes-secret', from, to: from + value.length });
  }
}

const withoutDash = (text: string) => text.trim().replace(/^- /, '');

/** Column of the key; that of a list item is the one behind its dash. */
function columnOf(text: string): number {
  return /^\s*(?:- )?/.exec(text)?.[0].length ?? 0;
}

const SECRET_NAME =
  /^\s*(?:- )?["']?name["']?\s*:\s*["']?[\w.-]{0,80}(?:password|passwd|secret|token|api_?key|access_?key|private_?key)["']?\s*(?:,\s*)?$/i;

/** `- name: DB_PASSWORD` and, on the next line, `value: …`. */
function markEnvValue(lines: readonly BlockLine[], nameIndex: number, marks: Marks): void {
  const next = lines[nameIndex + 1];
  if (!next?.follows) return;
  const value = /^(\s*["']?value["']?\s*:\s*)(\S.*?),?$/.exec(next.text.trimEnd());
  const secret = value?.[2];
  if (!value || !secret || isPlaceholder(secret)) return;
  const from = value[1]?.length ?? 0;
  marks.set(nameIndex + 1, { kind: 'env-value', from, to: from + secret.length });
}

const SECRET_BLOCK =
  /^\s*(?:- )?["']?[\w.-]{0,80}(?:password|passwd|secret|token|api_?key|access_?key|private_?key)["']?\s*:\s*[|>][-+\d]{0,2}\s*$/i;

/** A secret as a YAML block: the lines below its name that stand further in. */
function markBlockScalar(lines: readonly BlockLine[], nameIndex: number, marks: Marks): void {
  const level = columnOf(lines[nameIndex]?.text ?? '');
  for (let index = nameIndex + 1; index < lines.length; index++) {
    const { text, follows } = lines[index] ?? { text: '', follows: false };
    if (!follows || (text.trim() !== '' && columnOf(text) <= level)) return;
    if (!marks.has(index)) mark(marks, index, 'env-value', text);
  }
}

function mark(marks: Marks, index: number, kind: string, text: string): void {
  const from = text.length - text.trimStart().length;
  const to = text.trimEnd().length;
  if (to > from && !text.includes('[masked ')) marks.set(index, { kind, from, to });
}
