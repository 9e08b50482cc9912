import { defineConfig } from 'vitest/config';

/** Real git, engine, cluster and processes: one file at a time, since they share these. */
export default defineConfig({
  test: {
    root: __dirname,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    // Engine, cluster and kills depend on the machine's pace; what fails again is a failure.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
