import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../../../src/base/clock';
import { systemClock } from '../../../src/base/clock';
import type { IncidentDraft } from '../../../src/store/draft';
import { evidenceCapBytes } from '../../../src/store/evidenceFiles';
import { IncidentStore } from '../../../src/store/incidentStore';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';

const draft: IncidentDraft = {
  trigger: 'grafana.log, lines 12-40',
  repository: null,
  root: '/srv/charts',
  place: { context: null, namespace: null, application: 'grafana', valuesFile: null },
  fingerprint: 'f1',
};
const start = Date.parse('2026-11-21T11:00:00Z');
const day = 24 * 60 * 60 * 1000;

describe('IncidentStore', () => {
  let folder: TemporaryFolder;
  let store: IncidentStore;
  let now: number;
  let warnings: string[];

  const clock: Clock = { ...systemClock, now: () => now };
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => void warnings.push(message),
    error: () => undefined,
  };

  beforeEach(async () => {
    folder = await temporaryFolder('store');
    now = start;
    warnings = [];
    store = await IncidentStore.open(folder.path, { clock, log });
  });

  afterEach(async () => {
    store.dispose();
    await folder.remove();
  });

  it('gives every incident of one second its own id', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await store.create(draft)).id));
    expect(ids.sort()).toEqual([
      'incident-20261121110000',
      'incident-20261121110000-2',
      'incident-20261121110000-3',
    ]);
  });

  it('keeps what was written, for this person only', async () => {
    const { id } = await store.create(draft);
    const loaded = await store.load(id);
    expect(loaded).toMatchObject({
      ...draft,
      schema: 1,
      state: 'queued',
      timeline: [{ state: 'queued' }],
    });
    expect((await stat(store.folder(id))).mode & 0o777).toBe(0o700);
    expect((await stat(join(store.folder(id), 'incident.json'))).mode & 0o777).toBe(0o600);
  });

  it('lists the newest first', async () => {
    await store.create(draft);
    await store.create(draft);
    now += 1000;
    await store.create(draft);
    expect((await store.list()).map(({ id }) => id)).toEqual([
      'incident-20261121110001',
      'incident-20261121110000-2',
      'incident-20261121110000',
    ]);
  });

  it('writes every move into the timeline, once', async () => {
    const { id } = await store.create(draft);
    now += 1000;
    await store.update(id, (one) => ({ ...one, state: 'detected' }));
    await store.update(id, (one) => ({ ...one, app: 'grafana' }));
    await store.update(id, (one) => ({
      ...one,
      state: 'collecting',
      timeline: [...one.timeline, { at: 'now', state: 'collecting', note: 'said by the step' }],
    }));
    const { timeline, updatedAt } = await store.load(id);
    expect(timeline.map(({ state, note }) => [state, note])).toEqual([
      ['queued', draft.trigger],
      ['detected', ''],
      ['collecting', 'said by the step'],
    ]);
    expect(updatedAt).toBe('2026-11-21T11:00:01.000Z');
  });

  it('refuses a state that may not follow, and keeps the old one', async () => {
    const { id } = await store.create(draft);
    await expect(store.update(id, (one) => ({ ...one, state: 'resolved' }))).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect((await store.load(id)).state).toBe('queued');
  });

  it('loses none of many updates at once', async () => {
    const { id } = await store.create(draft);
    const words = Array.from({ length: 20 }, (_, index) => `word-${index}`);
    await Promise.all(
      words.map((word) =>
        store.update(id, (one) => ({ ...one, keywords: [...one.keywords, word] })),
      ),
    );
    expect([...(await store.load(id)).keywords].sort()).toEqual(words.sort());
  });

  it('does not know what is not there, nor a path as an id', async () => {
    for (const id of ['incident-20200101000000', '../../etc', '']) {
      await expect(store.load(id)).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(() => store.folder('../x')).toThrow('not an incident');
  });

  it('puts a damaged file aside, says so, and lists the others', async () => {
    const broken = await store.create(draft);
    const whole = await store.create(draft);
    await writeFile(join(store.folder(broken.id), 'incident.json'), '{"schema":1,"id":"inc');
    expect((await store.list()).map(({ id }) => id)).toEqual([whole.id]);
    const kept = (await readdir(store.folder(broken.id))).find((name) => name.includes('damaged'));
    expect(warnings).toEqual([expect.stringContaining(String(kept))]);
    expect(await readFile(join(store.folder(broken.id), String(kept)), 'utf8')).toBe(
      '{"schema":1,"id":"inc',
    );
  });

  it('leaves a file of a newer War Room alone', async () => {
    const { id } = await store.create(draft);
    const path = join(store.folder(id), 'incident.json');
    await writeFile(path, `{"schema":2,"id":"${id}"}`);
    await expect(store.load(id)).rejects.toThrow('newer War Room');
    expect(await readFile(path, 'utf8')).toBe(`{"schema":2,"id":"${id}"}`);
  });

  it('finds the open incident of a fingerprint', async () => {
    const first = await store.create(draft);
    await store.update(first.id, (one) => ({ ...one, state: 'cancelled' }));
    expect(await store.findOpenByFingerprint('f1')).toBeUndefined();
    const second = await store.create(draft);
    expect((await store.findOpenByFingerprint('f1'))?.id).toBe(second.id);
    expect(await store.findOpenByFingerprint('f2')).toBeUndefined();
  });

  it('keeps evidence in order, each once, within the cap of the incident', async () => {
    const { id } = await store.create(draft);
    const text = (source: string, bytes: number) => ({
      source,
      complete: true,
      totalLines: 2,
      lines: [1, 2].map((number) => ({ number, text: 'x'.repeat(bytes / 2) })),
    });
    const half = evidenceCapBytes / 2;
    await store.addEvidence(id, text('-', 100), 100);
    await store.addEvidence(id, text('-', 100), 100);
    await store.addEvidence(id, text('pod.txt', half), half);
    await store.addEvidence(id, text('events.txt', half), half);
    const evidence = await store.readEvidence(id);
    expect(evidence.map(({ source, complete }) => [source, complete])).toEqual([
      ['-', true],
      ['pod.txt', true],
      ['events.txt', false],
    ]);
    const references = (await store.load(id)).evidence;
    const stored = references.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    expect(stored).toBeLessThanOrEqual(evidenceCapBytes);
  });

  it('keeps what undo needs until it is forgotten', async () => {
    const { id } = await store.create(draft);
    await store.saveUndo(id, 'bytes', Uint8Array.of(0xff, 0x0d, 0x0a));
    expect([...((await store.readUndo(id, 'bytes')) ?? [])]).toEqual([0xff, 0x0d, 0x0a]);
    await store.removeUndo(id);
    expect(await store.readUndo(id, 'bytes')).toBeUndefined();
  });

  it('removes what is older than 90 days, but not what runs or lies accepted in the tree', async () => {
    const old = await store.create(draft);
    const running = await store.create(draft);
    const accepted = await store.create({ ...draft, state: 'accepted' });
    now += 89 * day;
    const young = await store.create(draft);
    now += 2 * day;
    await store.runLock(running.id);
    expect(await store.removeOlderThan(90)).toEqual([old.id]);
    const left = (await store.list()).map(({ id }) => id).sort();
    expect(left).toEqual([running.id, accepted.id, young.id].sort());
  });

  it('clears everything that does not run', async () => {
    await store.create(draft);
    const running = await store.create(draft);
    await store.runLock(running.id);
    expect(await store.clear(0)).toEqual([running.id]);
    expect((await store.list()).map(({ id }) => id)).toEqual([running.id]);
  });

  it('waits for what is worked on for a moment, and clears it', async () => {
    const { id } = await store.create(draft);
    const run = await store.runLock(id);
    const cleared = store.clear();
    await setTimeout(50);
    await run.release();
    expect(await cleared).toEqual([]);
    expect(await store.list()).toEqual([]);
  });

  it('finishes a removal that a crash cut short', async () => {
    await mkdir(join(folder.path, 'incidents', '.removed-incident-20261121110000-1'));
    const again = await IncidentStore.open(folder.path);
    again.dispose();
    expect(await readdir(join(folder.path, 'incidents'))).toEqual([]);
  });

  it('tells its own changes at once', async () => {
    const heard: string[] = [];
    store.onDidChange((id) => heard.push(id));
    // The watch may tell a change once more; what counts is that nobody waits for it.
    const told = () => heard.splice(0).at(-1);
    const { id } = await store.create(draft);
    expect(told()).toBe(id);
    await store.update(id, (one) => ({ ...one, state: 'detected' }));
    expect(told()).toBe(id);
    await store.remove(id);
    expect(told()).toBe(id);
  });
});
