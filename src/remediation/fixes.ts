import type { Category } from '../incident/category';
import { cpuFixer } from './fixes/cpu';
import type { Fixer } from './fixes/fix';
import { heapFixer } from './fixes/heap';
import { memoryFixer } from './fixes/memory';
import { probeFixer } from './fixes/probe';

/** The categories that a values edit can cure (docs/fixes.md); every other ends in advice. */
export const fixes: Readonly<Partial<Record<Category, Fixer>>> = {
  'oom-killed': memoryFixer,
  'heap-exhausted': heapFixer,
  'cpu-throttled': cpuFixer,
  'liveness-failed': probeFixer('liveness'),
  'readiness-failed': probeFixer('readiness'),
  'startup-failed': probeFixer('startup'),
};
