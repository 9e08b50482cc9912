import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ScalarEdit } from '../../../../src/incident/proposal';
import { editOf } from '../../../../src/remediation/fixes/edits';
import { readScalar } from '../../../../src/remediation/change';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';
import { projectRoot } from '../../../harness/paths';

/** One file of test/fixtures/values: what is set in it, and which bytes may change. */
interface ValuesCase {
  file: string;
  style: string;
  edits: { path: (string | number)[]; value: string }[];
  refuses?: string;
  changes?: ({ line: number; from: string; to: string } | { afterLine: number; added: string })[];
}

const folder = join(projectRoot, 'test', 'fixtures', 'values');
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as ValuesCase[];

describe('values files of every style', () => {
  it('are at least fifty', () => {
    expect(cases.length).toBeGreaterThanOrEqual(50);
  });

  const kept = cases.filter((one) => one.refuses === undefined);
  it.each(kept)('$file ($style): only the bytes of the scalars change', (one) => {
    const bytes = readFileSync(join(folder, one.file));
    const result = Buffer.from(applyEdits(bytes, editsFor(bytes, one)));
    expect(result.toString('latin1')).toBe(expected(bytes, one));
    for (const { path, value } of one.edits) {
      const wanted = value.replace(/^"(.*)"$/, '$1');
      expect(String(readScalar(result, path)?.value).trim()).toBe(wanted);
    }
  });

  const refused = cases.filter((one) => one.refuses !== undefined);
  it.each(refused)('$file ($style): refused with $refuses', (one) => {
    const bytes = readFileSync(join(folder, one.file));
    expect(() => applyEdits(bytes, editsFor(bytes, one))).toThrow(
      expect.objectContaining({ name: 'WarRoomError', code: one.refuses }),
    );
  });
});

function editsFor(bytes: Uint8Array, one: ValuesCase): ScalarEdit[] {
  const document = ValuesDocument.parse(bytes);
  return one.edits.map(({ path, value }) => {
    const place = document.find(path);
    return place ? editOf(place, value) : { keyPath: path, before: null, after: value };
  });
}

/** The file as the table wants it, made without the code under test: one character is one byte. */
function expected(bytes: Buffer, one: ValuesCase): string {
  const byteText = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const lines = bytes.toString('latin1').split('\n');
  for (const change of [...(one.changes ?? [])].reverse()) {
    if ('added' in change) {
      const above = lines[change.afterLine - 1] ?? '';
      const isLast = change.afterLine === lines.length;
      const carriage = (isLast ? lines[0] : above)?.endsWith('\r') ? '\r' : '';
      if (isLast) lines[change.afterLine - 1] = above + carriage;
      lines.splice(change.afterLine, 0, byteText(change.added) + (isLast ? '' : carriage));
    } else {
      const line = lines[change.line - 1] ?? '';
      const at = line.indexOf(byteText(change.from));
      const end = at + byteText(change.from).length;
      lines[change.line - 1] = line.slice(0, at) + byteText(change.to) + line.slice(end);
    }
  }
  return lines.join('\n');
}
