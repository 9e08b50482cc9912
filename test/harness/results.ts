/** What one stage of a test run came to. */
export interface StageResult {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

/** A test that failed, or a whole stage that did. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** A test that did not run, and why. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** A stage that ran, with its name. */
export interface NamedResult extends StageResult {
  readonly stage: string;
}

/** In CI everything that the tests need is there, so that a skip there is a failure. */
export function skipsAsFailures(result: StageResult): StageResult {
  const failures = result.skips.map(({ name, reason }) => ({
    name,
    message: `It was skipped, which CI does not allow: ${reason}`,
  }));
  return { passed: result.passed, failures: [...result.failures, ...failures], skips: [] };
}

/** True when nothing failed, and something passed. */
export function isGreen(results: readonly StageResult[]): boolean {
  return total(results, (result) => result.failures) === 0 && passedIn(results) > 0;
}

/**
 * The report at the end of a run: failures and skips by name, a line for each stage, and as the
 * very last line the sum, such as `412 passed, 0 failed, 3 skipped`.
 */
export function report(results: readonly NamedResult[]): string {
  return [
    ...section('Failed:', results, ({ failures }) =>
      failures.map(({ name, message }) => `${name}\n${indent(message)}`),
    ),
    ...section('Skipped:', results, ({ skips }) =>
      skips.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...results.map((result) => `${result.stage}: ${summary([result])}`),
    '',
    summary(results),
  ].join('\n');
}

function section(
  title: string,
  results: readonly NamedResult[],
  entries: (result: NamedResult) => string[],
): string[] {
  const lines = results.flatMap((result) =>
    entries(result).map((entry) => `  [${result.stage}] ${entry}`),
  );
  return lines.length > 0 ? [title, ...lines, ''] : [];
}

function summary(results: readonly StageResult[]): string {
  const failed = total(results, (result) => result.failures);
  const skipped = total(results, (result) => result.skips);
  const counts = `${passedIn(results)} passed, ${failed} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

function passedIn(results: readonly StageResult[]): number {
  return results.reduce((sum, result) => sum + result.passed, 0);
}

function total(
  results: readonly StageResult[],
  list: (result: StageResult) => readonly unknown[],
): number {
  return results.reduce((sum, result) => sum + list(result).length, 0);
}

function indent(text: string): string {
  return text.replace(/^/gm, '      ');
}
