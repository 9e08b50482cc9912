import { describe, expect, it } from 'vitest';

import { usedMemory } from '../../../../../src/pool/runtimes/docker/memory';

// Which files a kernel charges to a container depends on who read them first, so no engine can be
// made to show it for certain.
describe('the memory that a container uses', () => {
  it.each([
    ['cgroup v2', { usage: 300, stats: { inactive_file: 120 } }, 180],
    // On v1 the field without "total" leaves out what the container's own groups hold.
    ['cgroup v1', { usage: 300, stats: { inactive_file: 20, total_inactive_file: 120 } }, 180],
    ['an engine that tells no files', { usage: 300 }, 300],
    ['figures of two moments', { usage: 100, stats: { inactive_file: 120 } }, 0],
  ])('is without the files that it has read: %s', (_, memory, used) => {
    expect(usedMemory({ memory_stats: memory })).toBe(used);
  });

  it('is not known of one that ends', () => {
    expect(usedMemory({})).toBeNull();
    expect(usedMemory({ memory_stats: {} })).toBeNull();
  });
});
