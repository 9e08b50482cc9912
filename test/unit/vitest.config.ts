import { defineConfig } from 'vitest/config';

/** What is known of each category: a thousand patterns, which take a second to load. */
const knowledge = ['playbooks/**/*.test.ts'];

/** Quick tests without anything real beside them. */
export default defineConfig({
  test: {
    root: __dirname,
    setupFiles: ['setup.ts'],
    testTimeout: 60_000,
    projects: [
      // The patterns hold no state, so that a process loads them once for all of its files.
      { extends: true, test: { name: 'knowledge', include: knowledge, isolate: false } },
      { extends: true, test: { name: 'rooms', include: ['**/*.test.ts'], exclude: knowledge } },
    ],
  },
});
