import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World, limitEdit, newIncident, values } from './fixture';
import { accepted, withStaged, withUnstaged } from './texts';

describe('Undo of Accept', () => {
  it('puts file and index back, after a reload too', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.history().undo(world.incident);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    await expect(stat(join(world.root, 'examples'))).rejects.toThrow();
    expect(await world.history().undo(world.incident)).toEqual({ restored: [], notes: [] });
  });

  it('keeps other staged hunks staged and other edits in the file', async () => {
    await using world = await World.make();
    await world.write(withStaged(values));
    await world.git('add', world.path);
    const bytes = await world.read();
    const incident = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    await world.write(withUnstaged(String(await world.read())));
    await world.history().undo(incident);
    expect(String(await world.read())).toBe(withUnstaged(withStaged(values)));
    expect(String(await world.blob(''))).toBe(withStaged(values));
  });

  it('keeps what was staged in the file after Accept', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.write(withUnstaged(accepted(values)));
    await world.git('add', world.path);
    await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(withUnstaged(values));
    expect(String(await world.blob(''))).toBe(withUnstaged(values));
  });

  it('keeps a value that the person typed over, and says so', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.write(values.replace("'512Mi'", '3Gi'));
    const { notes } = await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(values.replace("'512Mi'", '3Gi'));
    expect(notes).toEqual([expect.stringContaining('another value')]);
    expect(await world.status()).toEqual([` M ${world.path}`]);
  });

  it('takes out a key that was added, beside later edits', async () => {
    const edit = { keyPath: ['resources', 'limits', 'cpu'], before: null, after: '500m' };
    await using world = await World.make({ edits: [edit] });
    await world.history().accept(world.incident, {}, evidence);
    expect(String(await world.read())).toContain("cpu: '500m'");
    await world.write(withUnstaged(String(await world.read())));
    await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(withUnstaged(values));
    expect(await world.blob('')).toEqual(world.original);
  });

  it('restores after git has forgotten the old blob', async () => {
    await using world = await World.make();
    await world.write(withStaged(values));
    await world.git('add', world.path);
    const bytes = await world.read();
    const incident = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    await world.git('gc', '--quiet', '--prune=now');
    await world.history().undo(incident);
    expect(String(await world.blob(''))).toBe(withStaged(values));
  });

  it('leaves files alone that lie beside the record', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    const mine = `examples/${world.incident.id}/notes.md`;
    await writeFile(join(world.root, mine), 'mine');
    await world.history().undo(world.incident);
    expect(await world.status()).toEqual([`?? ${mine}`]);
  });

  it('refuses after the commit', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.git('commit', '--quiet', '-m', 'Mine');
    await expect(world.history().undo(world.incident)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect(await world.read()).toEqual(world.expected());
  });
});
