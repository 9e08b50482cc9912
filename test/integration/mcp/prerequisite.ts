import type { TestContext } from 'vitest';

/**
 * Skips the test, saying why, when `missing` names something that it needs; where everything must
 * be there (CI=true) that is a failure.
 */
export function need(context: TestContext, missing: string | null): void {
  if (missing === null) return;
  if (process.env['CI'] === 'true') throw new Error(`CI has everything, but: ${missing}`);
  context.skip(missing);
}
