import { describe, expect, it, vi } from 'vitest';

import { need } from '../mcp/prerequisite';
import { shopValues } from './chart';
import { Fleet, prepareFleets } from './fleet';

vi.setConfig({ testTimeout: 240_000 });

const missing = prepareFleets();

/** All that the person on call has: it fits both. */
const seen = 'shop: container exited with code 137, restarting';

const truths = [
  {
    name: 'asks-memory',
    values: shopValues(
      "cache=$(head -c 40000000 /dev/zero | tr '\\0' x); sleep 3600",
      'resources:\n  limits:\n    memory: 16Mi\n',
    ),
    broken: /OOMKilled/,
    category: 'oom-killed',
  },
  {
    name: 'asks-probe',
    values: shopValues(
      "trap '' TERM; while true; do sleep 1; done",
      'livenessProbe:\n  exec:\n    command: [cat, /alive]\n  periodSeconds: 1\n  failureThreshold: 2\n',
    ),
    broken: /Exit Code: +137/,
    category: 'liveness-failed',
  },
] as const;

describe('A run whose evidence fits two causes', () => {
  for (const { name, values, broken, category } of truths) {
    it.concurrent(`asks the cluster what tells ${category} from the other`, async (context) => {
      need(context, missing());
      await using fleet = await Fleet.make(name, { values });
      await fleet.evidence(broken);
      const found = await fleet.diagnose([{ kind: 'text', source: 'terminal', text: seen }]);
      expect(found.category, found.rootCause?.summary ?? found.missing.join('\n')).toBe(category);
      const sources = found.rootCause?.evidence.map((each) => each.source);
      expect(sources).toContainEqual(expect.stringMatching(/^mcp:kubectl\//) as string);
    });
  }
});
