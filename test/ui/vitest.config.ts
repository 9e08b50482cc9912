import { defineConfig } from 'vitest/config';

/** The workbench in a browser: one window at a time, and everything takes seconds. */
export default defineConfig({
  test: {
    root: __dirname,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    // A browser may drop a key while the workbench is busy; what fails twice more is a failure.
    retry: 2,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 30_000,
  },
});
