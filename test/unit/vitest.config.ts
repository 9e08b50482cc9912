import { defineConfig } from 'vitest/config';

/** Quick tests without anything real beside them. */
export default defineConfig({
  test: {
    root: __dirname,
    include: ['**/*.test.ts'],
    setupFiles: ['setup.ts'],
    testTimeout: 60_000,
  },
});
