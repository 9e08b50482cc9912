import { describe, expect, it } from 'vitest';

import { Emitter } from '../../src/base/emitter';
import type { ToolServers } from '../../src/diagnosis/ports';
import { Rollouts } from '../../src/rollouts';
import { defaultSettings } from '../../src/settings';
import { justCommitted } from '../../src/incident/rollout';
import { IncidentStore } from '../../src/store/incidentStore';
import { testHost } from '../harness/host';
import { temporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';

const place = { context: null, namespace: 'prod', application: null, valuesFile: null };

/** A window over a store of its own, whose cluster cannot be seen; leases are counted. */
async function window(given: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder('rollouts');
  const store = await IncidentStore.open(folder.path);
  const leased: (readonly string[])[] = [];
  const lease: ToolServers['lease'] = (_, servers) => {
    leased.push(servers);
    return Promise.reject(new Error('no server starts here'));
  };
  /** Incidents that cannot be looked at. */
  const broken = new Set<string>();
  const changes = new Emitter<void>();
  store.onDidChange(() => changes.fire());
  const closing = new AbortController();
  const rollouts = new Rollouts({
    host: testHost({
      credentials: () => Promise.resolve(given),
      settings: () => ({
        ...defaultSettings,
        verification: { stableMinutes: 1, graceMinutes: 1, intervalSeconds: 0.05 },
      }),
    }),
    home: () =>
      Promise.resolve({
        store: {
          list: () => store.list(),
          load: (id) => store.load(id),
          update: (...asked) => store.update(...asked),
          runLock: (id, ...more) =>
            broken.has(id) ? Promise.reject(new Error('broken')) : store.runLock(id, ...more),
        },
        author: () => Promise.resolve('Sam'),
        placeOfCommit: () => Promise.resolve({ stage: 'committed' as const, where: null }),
      }),
    servers: { lease },
    onDidChange: changes.event,
    closing: closing.signal,
  });
  const commit = () =>
    store.create({
      trigger: 'log',
      repository: '/r',
      root: '/r',
      place,
      fingerprint: 'f',
      app: 'shop',
      state: 'awaiting-rollout',
      commit: 'c0ffee',
    });
  return {
    rollouts,
    store,
    leased,
    broken,
    commit,
    async [Symbol.asyncDispose]() {
      closing.abort();
      rollouts.dispose();
      store.dispose();
      await folder.remove();
    },
  };
}

describe('A window that follows rollouts', () => {
  it('asks nobody while no incident waits, and begins when one does', async () => {
    await using opened = await window();
    const { id } = await opened.store.create({
      trigger: 'log',
      repository: null,
      root: '',
      place,
      fingerprint: 'f',
    });
    opened.rollouts.follow();
    await opened.store.update(id, (each) => ({ ...each, app: 'other' }));
    // Longer than the window takes to notice a change.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(opened.leased).toEqual([]);

    await opened.commit();
    await waitFor('looks', () => opened.leased.length >= 2);
    expect(opened.leased[0]).toEqual(['kubectl']);
  });

  it('looks at the others where one cannot be looked at', async () => {
    await using opened = await window();
    await opened.commit();
    await opened.commit();
    const [first, second] = await opened.store.list();
    if (!first || !second) throw new Error('both are listed');
    opened.broken.add(first.id);
    opened.rollouts.follow();
    await waitFor('a look at the second', async () =>
      Boolean((await opened.store.load(second.id)).rollout?.lookedAt),
    );
    expect((await opened.store.load(first.id)).rollout).toBeUndefined();
  });

  it('says what it cannot see, and starts no clock without anything to watch by', async () => {
    await using opened = await window();
    const { id } = await opened.commit();
    const looked = await opened.rollouts.look(id);
    expect(looked).toMatchObject({
      state: 'awaiting-rollout',
      rollout: { stage: 'committed', unseen: 'no server starts here' },
    });
    await opened.rollouts.markRolledOut(id);
    const said = await opened.rollouts.look(id);
    expect(said).toMatchObject({ state: 'awaiting-rollout', rollout: { stage: 'said' } });
    const closed = await opened.rollouts.close(id);
    expect(closed).toMatchObject({ state: 'resolved', rollout: { verdict: { result: 'closed' } } });
    await expect(opened.rollouts.close(id)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it.each([
    ['awaiting-rollout', 3],
    ['verifying', 10],
  ] as const)(
    'nobody waits for ever for what is %s when the cluster is gone',
    async (state, looks) => {
      await using opened = await window();
      const { id } = await opened.commit();
      const liveAt = new Date().toISOString();
      await opened.store.update(id, (each) => ({
        ...each,
        state,
        rollout: { ...justCommitted, stage: 'synced', liveAt },
      }));
      const seen: string[] = [];
      const signal = AbortSignal.timeout(60_000);
      await opened.rollouts.wait(id, (each) => seen.push(each.state), signal);
      expect(seen).toEqual(Array.from({ length: looks }, () => state));
      expect(signal.aborted).toBe(false);
    },
  );

  it('asks a Prometheus whose address the person gave for the server', async () => {
    await using opened = await window({ WAR_ROOM_PROMETHEUS_URL: 'http://prometheus:9090' });
    const { id } = await opened.commit();
    await opened.rollouts.look(id);
    expect(opened.leased).toEqual([['kubectl', 'stats']]);
  });

  it('leaves an incident alone that another process is at', async () => {
    await using opened = await window();
    const { id } = await opened.commit();
    const lock = await opened.store.runLock(id);
    await expect(opened.rollouts.look(id)).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
    expect((await opened.rollouts.look(id)).rollout?.lookedAt).toBeTruthy();
  });
});
