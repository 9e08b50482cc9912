import { describe, expect, it } from 'vitest';

import type { LeaveRequest } from '../../../src/incident/leave';
import { withImage } from '../../../src/servers/texts';

const request = { server: 'redis', key: 'k', why: '84/100: matches redis' } as LeaveRequest;

describe('A prompt for a server', () => {
  it('says when an image is made before the server starts', () => {
    expect(withImage(request, 1)).toEqual(request);
    expect(withImage(request, 2).why).toBe(
      '84/100: matches redis; its image is made again first, or tried with its values',
    );
    expect(withImage(request, 3).why).toMatch(
      /; its image is made first, since it never ran here$/,
    );
  });
});
