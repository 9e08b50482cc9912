import { describe, expect, it } from 'vitest';

import { systemClock } from '../../../../src/base/clock';
import { pricesOf } from '../../../../src/diagnosis/analysts/anthropic/prices';
import { Budget } from '../../../../src/diagnosis/analysts/budget';
import type { ModelUsage } from '../../../../src/diagnosis/analysts/model';
import type { ModelBudget } from '../../../../src/diagnosis/analysts/spent';

const most: ModelBudget = { turns: 3, tokens: 20_000, seconds: 60, dollars: 1 };
const request = { system: '', messages: [], tools: [] };
const long = (text: string) => ({ ...request, system: text.repeat(1_000) });
const usage = (more: Partial<Record<keyof ModelUsage, unknown>>) =>
  ({ input: 1, output: 1, cacheRead: 0, cacheWrite: 0, isEstimate: false, ...more }) as ModelUsage;

function budgetOf(more: Partial<ModelBudget> = {}, prices = pricesOf('claude-sonnet-5')) {
  return new Budget({ ...most, ...more }, { prices, label: 'm' }, systemClock);
}

describe('The budget of a model', () => {
  it('gives no turn after the last', () => {
    const budget = budgetOf({ turns: 2 });
    expect(budget.isLast).toBe(false);
    budget.add(usage({}));
    expect(budget.isLast).toBe(true);
    expect(budget.room(request)).toBeTypeOf('number');
    budget.add(usage({}));
    expect(budget.room(request)).toContain('2 turns');
  });

  it('leaves room for no more than what is left', () => {
    const budget = budgetOf();
    budget.add(usage({ input: 10_000, cacheRead: 4_000, cacheWrite: 2_000, output: 1_000 }));
    const room = budget.room(request);
    expect(room).toBeGreaterThan(2_900);
    expect(room).toBeLessThanOrEqual(3_000);
    budget.add(usage({ input: 2_600 }));
    expect(budget.room(request)).toContain('20000 tokens');
  });

  it.each([0, 0.001])('asks for nothing with %d dollars', (dollars) => {
    expect(budgetOf({ dollars }).room(request)).toContain('budget of $');
    expect(budgetOf({ dollars }, null).room(request)).toBeTypeOf('number');
  });

  it('counts each kind of token at its own price', () => {
    const budget = budgetOf({ tokens: 10_000_000 });
    budget.add(usage({ input: 1e6, output: 1e6, cacheRead: 1e6, cacheWrite: 1e6 }));
    const { input, output, cacheRead, cacheWrite } = pricesOf('claude-sonnet-5') ?? {};
    const sum = [input, output, cacheRead, cacheWrite].reduce<number>(
      (all, each) => all + (each ?? 0),
      0,
    );
    expect(budget.spent('').dollars).toBeCloseTo(sum);
    expect(budget.spent('').tokens).toBe(4e6);
  });

  it('takes a text of any script for no fewer tokens than it has', () => {
    const room = (text: string) => Number(budgetOf({ tokens: 8_000 }).room(long(text)));
    expect(room('오류')).toBeLessThan(room('ab'));
    expect(budgetOf({ tokens: 8_000 }).room(long('메모리 부족 오류'))).toContain('8000 tokens');
  });

  it.each([
    ['nothing at all', { input: 0, output: 0 }],
    ['less than nothing', { input: -1e9 }],
    ['no number', { input: Number.NaN }],
    ['without end', { output: Number.POSITIVE_INFINITY }],
    ['text', { input: '5' }],
    ['nothing said', { output: undefined }],
  ])('counts the most that an answer could take where it claims %s', (_, claimed) => {
    const budget = budgetOf();
    const room = Number(budget.room(request));
    budget.add(usage(claimed));
    expect(budget.spent('').tokens).toBeGreaterThan(room);
    expect(budget.spent('').dollars).toBeGreaterThan(0);
    budget.room(request);
    budget.add(usage(claimed));
    expect(budget.spent('').tokens).toBeGreaterThan(room * 2);
  });

  it('counts an answer that was cut, and has it asked for again while that fits', () => {
    const budget = budgetOf();
    const room = Number(budget.room(request));
    expect(budget.cut(request)).toBe(true);
    expect(budget.spent('').tokens).toBeGreaterThan(room);
    expect(budget.cut(request)).toBe(false);
  });
});
