import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { pageMarkdown, pageOf, percent } from '../../../src/incident/page';
import { pageText } from '../../../src/cli/pageText';
import { styleFor } from '../../../src/cli/style';
import { newIncident } from '../../../src/store/draft';

function incident(more: Partial<Incident>): Incident {
  const place = { context: null, namespace: null, application: null, valuesFile: null };
  const draft = { trigger: 'app.log', repository: null, root: '', place, fingerprint: 'f' };
  return newIncident({ ...draft, ...more }, 'incident-20261121120509', '2026-11-21T12:05:09.000Z');
}

const rootCause = {
  summary: 'It was killed.',
  confidence: 0.93,
  mechanism: null,
  evidence: [{ source: 'app.log', line: 7, text: 'a ```line``` that fences' }],
  changes: [],
};

describe("An incident's page", () => {
  it('says how sure, in words with the number', () => {
    const words = [0.93, 0.7, 0.4].map(
      (confidence) => pageOf(incident({ rootCause: { ...rootCause, confidence } })).howSure,
    );
    expect(words).toEqual(['Sure (93%)', 'Likely (70%)', 'Possible (40%)']);
    expect(percent(0.005)).toBe('1%');
  });

  it('always says what to do now', () => {
    const cases: Partial<Incident>[] = [
      { state: 'no-incident' },
      { state: 'insufficient-evidence', missing: ['kubectl describe pod'] },
      { advice: { summary: 'Set it.', commands: [] } },
      { commit: 'c0ffee0123456789' },
      { candidates: [{ path: 'a.yaml', why: '' }] },
    ];
    const sentences = cases.map((each) => pageOf(incident(each)).doNow.sentence);
    expect(sentences.every((each) => each.length > 5)).toBe(true);
    expect(new Set(sentences).size).toBe(cases.length);
  });

  it('shows what a run that could not decide saw, and beside a root cause nothing of it', () => {
    const symptoms = [{ source: 'user.txt', line: 9, text: '  Message: quota is not valid' }];
    const undecided = pageOf(incident({ state: 'insufficient-evidence', symptoms }));
    expect(undecided.seen).toEqual(symptoms);
    expect(pageMarkdown(undecided)).toContain('## What was seen\n\nuser.txt:9');
    expect(pageText(undecided, styleFor({}, {}))).toMatch(
      /What was seen\nuser\.txt:9 {2}Message: quota is not valid/,
    );
    expect(pageOf(incident({ rootCause, symptoms })).seen).toEqual([]);
  });

  it('shows the error of a run that failed', () => {
    const error = { code: 'deadline' as const, message: 'It took too long.' };
    const page = pageOf(incident({ state: 'failed', error }));
    expect(page.whatBroke).toBe('It took too long.');
    expect(page.title).toBe('The diagnosis failed');
  });

  it('says where an accepted change lies, and whether its commit failed or was interrupted', () => {
    const accepted = {
      at: '2026-11-21T12:05:09.000Z',
      by: 'Kim',
      values: {},
      files: [{ path: 'a.yaml', appliedDigest: '' }],
      staged: true,
      branch: 'main',
    };
    const error = { code: 'hook-failed' as const, message: 'The hook refused it.' };
    const now = (more: Partial<Incident>, interrupted = false) =>
      pageOf({ ...incident({}), accepted, ...more }, interrupted).doNow.sentence;
    expect(now({ state: 'accepted' })).toBe(
      'The change is staged in a.yaml and is not committed yet: commit it, or undo.',
    );
    expect(now({ state: 'accepted', error })).toBe(
      'The commit failed, and the change is staged in a.yaml as before: commit again, or undo.',
    );
    expect(now({ state: 'executing' }, true)).toContain('finish it');
    const [state] = pageOf({ ...incident({}), state: 'executing' }, true).facts;
    expect(state).toEqual({ label: 'State', value: 'commit interrupted' });
  });

  it('as Markdown keeps a line inside its fence', () => {
    const text = pageMarkdown(pageOf(incident({ rootCause })));
    expect(text).toContain('````\na ```line``` that fences\n````');
  });

  it('as Markdown makes no markup of what a log says', () => {
    const hostile = { ...rootCause, summary: 'It said <img src=x> and [click](http://x).' };
    const text = pageMarkdown(pageOf(incident({ rootCause: hostile })));
    expect(text).toContain('\\<img src=x\\> and \\[click\\](http://x).');
  });

  it('as text holds the same, without colours where nobody looks', () => {
    const text = pageText(pageOf(incident({ rootCause })), styleFor({}, {}));
    expect(text).toContain('app.log:7  a ```line``` that fences');
    expect(text).not.toContain('\u001b');
  });
});
