import { describe, expect, it } from 'vitest';

import { ShownEvidence } from '../../../../src/diagnosis/analysts/shownEvidence';
import { evidence } from '../world';

const log = (count: number) =>
  evidence(
    '/home/sam/logs/app.log',
    Array.from({ length: count }, (_, at) => `line no ${at + 1}`).join('\n'),
  );
const numbers = (shown: string) =>
  [...shown.matchAll(/^(\d+)\|/gm)].map(([, number]) => Number(number));

describe('Evidence as a model is shown it', () => {
  it('is whole where it fits, with the name of its file and not its folder', () => {
    const shown = new ShownEvidence().show(log(4), 10_000);
    expect(numbers(shown)).toEqual([1, 2, 3, 4]);
    expect(shown).toContain('name="E1" source="app.log" lines="4" left-out="0"');
    expect(shown).not.toContain('sam');
  });

  it('keeps what is cited before its end, and its end before its start', () => {
    const shown = new ShownEvidence().show(log(1_000), 20 * 20, [100]);
    const kept = numbers(shown);
    expect(kept).toEqual(expect.arrayContaining([95, 100, 105, 1_000]));
    expect(kept).not.toContain(1);
    expect(shown).toContain(`left-out="${1_000 - kept.length}"`);
  });

  it('tells what kinds of lines are left out, which nobody can cite', () => {
    const shown = new ShownEvidence();
    const text = shown.show(log(1_000), 1_000);
    const kept = numbers(text);
    expect(text).toContain(
      `(of ${1_000 - kept.length} lines that are left out:)\n(${1_000 - kept.length} x) line no <*>\n`,
    );
    expect(text.length).toBeLessThan(1_200);
    expect(shown.find({ evidence: 'E1', line: 1, text: 'line no <*>' })).toBeUndefined();
    expect(shown.show(log(10), 1_000)).not.toContain('left out:');
  });

  it('cuts a long line', () => {
    const shown = new ShownEvidence().show(evidence('a', 'x'.repeat(5_000)), 10_000);
    expect(shown.length).toBeLessThan(1_000);
  });

  it('stands between fences that no log can know', () => {
    const [one, other] = [new ShownEvidence(), new ShownEvidence()].map((each) =>
      each.fenced('', 'text'),
    );
    expect(one).toMatch(/^<data-[\da-f]{24} >\ntext\n<\/data-[\da-f]{24}>$/);
    expect(one).not.toBe(other);
  });

  it('is cited as it is stored, and only where it stands', () => {
    const shown = new ShownEvidence();
    shown.show(log(20), 10_000);
    const find = (line: number, text: string, name = 'E1') =>
      shown.find({ evidence: name, line, text });
    expect(find(7, ' line no 7 ')).toEqual({
      source: '/home/sam/logs/app.log',
      line: 7,
      text: 'line no 7',
    });
    for (const missed of [
      find(8, 'line no 7'),
      find(7, 'line'),
      find(7, ''),
      find(21, 'line no 21'),
      find(7, 'line no 7', 'E2'),
      find(7, 'line no 7', 'E0'),
      find(7, 'line no 7', 'app.log'),
    ]) {
      expect(missed).toBeUndefined();
    }
  });

  it('is cited by a part that is long enough to mean one line', () => {
    const shown = new ShownEvidence();
    const text = 'ERROR no space left on device, write';
    shown.show(evidence('app.log', text), 10_000);
    const part = { evidence: 'E1', line: 1, text: 'no space left on device' };
    expect(shown.find(part)).toMatchObject({ text });
    expect(shown.find({ ...part, text: 'no space' })).toBeUndefined();
  });
});
