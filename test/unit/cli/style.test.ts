import { describe, expect, it } from 'vitest';

import { statusOf } from '../../../src/cli/result';
import { styleFor } from '../../../src/cli/style';

describe('Colours', () => {
  it('are for terminals, as NO_COLOR and FORCE_COLOR say', () => {
    const coloured = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
      styleFor({ isTTY }, env).red('x') !== 'x';
    expect(coloured(true, {})).toBe(true);
    expect(coloured(false, {})).toBe(false);
    expect(coloured(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(coloured(true, { NO_COLOR: '1' })).toBe(false);
    expect(coloured(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
    expect(coloured(true, { NO_COLOR: '' })).toBe(true);
  });
});

describe('The exit status', () => {
  it('tells no incident and not enough evidence from an answer', () => {
    const statuses = (
      [
        'proposed',
        'advised',
        'committed',
        'rejected',
        'no-incident',
        'insufficient-evidence',
        'failed',
      ] as const
    ).map(statusOf);
    expect(statuses).toEqual([0, 0, 0, 0, 3, 4, 1]);
  });
});
