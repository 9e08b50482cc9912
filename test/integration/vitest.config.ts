import { defineConfig } from 'vitest/config';

/** Real git, engine, cluster and processes: one file at a time, since they share these. */
export default defineConfig({
  test: {
    root: __dirname,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
