import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

import { structuredPatch } from 'diff';

/**
 * The change of one file as `git apply` takes it at the repository's root: also for CRLF, a missing
 * line end at the end, and names with blanks. Where a line of it is not UTF-8, and so could not
 * stand in JSON or Markdown, it is git's binary patch, which is plain ASCII.
 * @param path relative to the repository's root, with `/`
 */
export function unifiedDiff(path: string, before: Uint8Array, after: Uint8Array): string {
  if (Buffer.from(before).equals(after)) return '';
  for (const context of [3, 1]) {
    const text = asUtf8(textPatch(path, before, after, context));
    if (text !== undefined) return text;
  }
  return binaryPatch(path, before, after);
}

/** Every byte stands as one character until the patch is complete, so none is lost on the way. */
function textPatch(path: string, before: Uint8Array, after: Uint8Array, context: number): Buffer {
  const [old, new_] = [before, after].map((bytes) => Buffer.from(bytes).toString('latin1'));
  const { hunks } = structuredPatch('', '', old ?? '', new_ ?? '', '', '', { context });
  const lines = hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  // git ends a name that holds blanks with a tab, so that it knows where the name ends.
  const end = /\s/.test(path) ? '\t' : '';
  const head = `${gitHeader(path)}--- ${quoted(`a/${path}`)}${end}\n+++ ${quoted(`b/${path}`)}${end}\n`;
  return Buffer.concat([Buffer.from(head, 'utf8'), body]);
}

function asUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

function gitHeader(path: string): string {
  return `diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}\n`;
}

/** A name as git writes it: quoted only where it holds quotes, backslashes or control characters. */
function quoted(name: string): string {
  const escaped = Array.from(name, escapedCharacter).join('');
  return escaped === name ? name : `"${escaped}"`;
}

function escapedCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0);
  return code < 32 || code === 127 ? `\\${code.toString(8).padStart(3, '0')}` : character;
}

function binaryPatch(path: string, before: Uint8Array, after: Uint8Array): string {
  return [
    `${gitHeader(path)}index ${blobId(before)}..${blobId(after)} 100644`,
    'GIT binary patch',
    ...literal(after),
    '',
    ...literal(before),
    '',
    '',
  ].join('\n');
}

function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** One side of a binary patch: lines of up to 52 deflated bytes, each with its length in front. */
function literal(bytes: Uint8Array): string[] {
  const deflated = deflateSync(bytes);
  const lines = [`literal ${bytes.length}`];
  for (let at = 0; at < deflated.length; at += 52) {
    const piece = deflated.subarray(at, at + 52);
    const code = piece.length <= 26 ? 64 + piece.length : 70 + piece.length;
    lines.push(String.fromCharCode(code) + base85(piece));
  }
  return lines;
}

const digits85 =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

/** git's base 85: four bytes, the last filled up with zeros, become five characters. */
function base85(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let group = Buffer.concat([bytes.subarray(at, at + 4), Buffer.alloc(4)]).readUInt32BE(0);
    let characters = '';
    for (let digit = 0; digit < 5; digit++) {
      characters = (digits85[group % 85] ?? '') + characters;
      group = Math.floor(group / 85);
    }
    text += characters;
  }
  return text;
}
