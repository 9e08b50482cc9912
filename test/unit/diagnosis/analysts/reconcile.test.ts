import { describe, expect, it } from 'vitest';

import type { ModelAnswer } from '../../../../src/diagnosis/analysts/answer';
import { reconcile } from '../../../../src/diagnosis/analysts/reconcile';
import { ShownEvidence } from '../../../../src/diagnosis/analysts/shownEvidence';
import type { Analysis } from '../../../../src/incident/analysis';
import { evidence } from '../world';

const lines = ['ENOSPC: no space left on device', 'the request timed out', 'restarting'];
const cited = (line: number, text = lines[line - 1] ?? '') => ({ evidence: 'E1', line, text });
const invented = cited(2, 'the disk is full, believe me');

function answer(more: Partial<ModelAnswer> = {}): ModelAnswer {
  return {
    verdict: 'incident',
    category: 'disk-full',
    confidence: 1,
    summary: 'The disk is full.',
    mechanism: null,
    citations: [cited(1)],
    alternatives: [],
    ...more,
  };
}

function prior(category: Analysis['category'], confidence: number): Analysis {
  const hypotheses = category === null ? [] : [{ category, confidence, why: 'a rule' }];
  return {
    verdict: category === null ? 'insufficient-evidence' : 'incident',
    category,
    severity: null,
    rootCause:
      category === null
        ? null
        : { summary: 'By rule.', confidence, mechanism: null, evidence: [], changes: ['c0ffee'] },
    hypotheses,
    missing: [],
    questions: [],
    facts: {},
    keywords: [],
    advice: { summary: 'By rule.', commands: [] },
  };
}

function reconciled(before: Analysis, said: ModelAnswer) {
  const shown = new ShownEvidence();
  shown.show(evidence('app.log', lines.join('\n')), 10_000);
  return reconcile(before, said, shown, 'Model');
}

describe('What a model says of what the playbooks do not prove', () => {
  it('stands where it is surer, at 0.7 at most and for no file', () => {
    const before = prior('oom-killed', 0.6);
    const { analysis } = reconciled(before, answer());
    expect(analysis).toMatchObject({
      verdict: 'incident',
      category: 'disk-full',
      rootCause: { confidence: 0.7, summary: 'The disk is full.', changes: ['c0ffee'] },
      byModelAlone: true,
      advice: null,
    });
    expect(analysis.rootCause?.evidence).toEqual([{ source: 'app.log', line: 1, text: lines[0] }]);
    expect(analysis.hypotheses.map(({ category }) => category)).toEqual([
      'disk-full',
      'oom-killed',
    ]);
    expect(analysis.facts).toBe(before.facts);
  });

  it.each([
    ['that they prove', 0.8, 1],
    ['that is as sure', 0.6, 0.6],
  ])('is one of the hypotheses beside a cause %s', (_, before, confidence) => {
    const { analysis, note } = reconciled(prior('oom-killed', before), answer({ confidence }));
    expect(analysis).toMatchObject({ category: 'oom-killed', rootCause: { confidence: before } });
    expect(analysis.hypotheses).toContainEqual(expect.objectContaining({ category: 'disk-full' }));
    expect(analysis.byModelAlone).toBeUndefined();
    expect(note).toContain('stands');
  });

  it('is not sure enough alone below a half', () => {
    const { analysis } = reconciled(prior(null, 0), answer({ confidence: 0.49 }));
    expect(analysis).toMatchObject({ verdict: 'insufficient-evidence', rootCause: null });
  });

  it.each([
    [0.3, 0.65],
    [0.7, 0.8],
    [0.9, 0.9],
  ])('brings the same cause from %d to %d, and proves none', (before, after) => {
    const { analysis } = reconciled(prior('disk-full', before), answer());
    expect(analysis.rootCause).toMatchObject({ confidence: after, summary: 'By rule.' });
    expect(analysis.rootCause?.evidence).toHaveLength(1);
    expect(analysis.advice).toEqual({ summary: 'By rule.', commands: [] });
  });

  it('never makes a cause less sure', () => {
    const { analysis } = reconciled(prior('disk-full', 0.6), answer({ confidence: 0.1 }));
    expect(analysis.rootCause?.confidence).toBe(0.6);
  });

  it('loses the share of lines that do not exist, and with all of them everything', () => {
    const half = reconciled(prior(null, 0), answer({ citations: [cited(1), invented] }));
    expect(half.analysis.rootCause?.confidence).toBe(0.5);
    expect(half.note).toContain('1 of the lines');
    const before = prior('disk-full', 0.3);
    for (const citations of [[invented], []]) {
      expect(reconciled(before, answer({ citations })).analysis).toBe(before);
    }
  });

  it.each(['no-incident', 'insufficient-evidence'] as const)(
    'overturns nothing by %s',
    (verdict) => {
      const before = prior('oom-killed', 0.3);
      expect(reconciled(before, answer({ verdict, category: null })).analysis).toBe(before);
    },
  );

  it('holds no secret that a model repeats', () => {
    const summary = 'It runs with password=hunter2Secret99 and \u001b[31mred.';
    const { analysis } = reconciled(prior(null, 0), answer({ summary }));
    expect(analysis.rootCause?.summary).toContain('It runs with');
    expect(JSON.stringify(analysis)).not.toMatch(/hunter2Secret99|u001b/);
  });
});
