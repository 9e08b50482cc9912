import { describe, expect, it, vi } from 'vitest';

import { need } from '../mcp/prerequisite';
import { Fleet, prepareFleets } from './fleet';
import { kinds } from './kinds';
import { kindsOfChange } from './kindsOfChange';

vi.setConfig({ testTimeout: 300_000 });

const missing = prepareFleets();

describe('An application that really breaks', () => {
  for (const kind of [...kindsOfChange, ...kinds]) {
    it.concurrent(`${kind.name}: ${kind.category}`, async (context) => {
      need(context, missing());
      await using fleet = await Fleet.make(kind.name, kind);
      const found = await fleet.diagnose(await fleet.evidence(kind.broken, kind.asked));
      expect(found.category, found.rootCause?.summary ?? found.missing.join('\n')).toBe(
        kind.category,
      );
      expect(found.rootCause?.evidence.length).toBeGreaterThan(0);
      expect(found.advice ?? found.proposal).not.toBeNull();
      if (kind.ends === 'never-edited') expect(found.proposal).toBeNull();
      if (kind.ends !== 'recovered') return;
      expect(found.proposal, found.advice?.summary).not.toBeNull();

      const { id } = await fleet.approve(found.id);
      fleet.sync();
      const end = await fleet.warRoom.rollouts.wait(
        id,
        () => undefined,
        AbortSignal.timeout(180_000),
      );
      expect(end.state, JSON.stringify(end.rollout)).toBe('resolved');
    });
  }
});
