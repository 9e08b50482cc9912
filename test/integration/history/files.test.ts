import { describe, expect, it } from 'vitest';

import { chosenOf, wholeProposal } from '../../../src/incident/chosenFiles';
import type { Incident } from '../../../src/incident/incident';
import { fileChange } from '../../../src/remediation/change';
import { typedKey } from '../../../src/remediation/typed';
import { evidence } from './evidence';
import { World, limitEdit, values } from './fixture';

const second = 'helm-values/grafana/values-staging.yaml';

/** An incident whose change is in two overlays that hold the same key. */
async function twoFiles(world: World): Promise<Incident> {
  await world.write(values, second);
  await world.git('add', '--all');
  await world.git('commit', '--quiet', '--message', 'Staging');
  return await world.store.update(world.incident.id, (each) => ({
    ...each,
    proposal: each.proposal && {
      ...each.proposal,
      files: [...each.proposal.files, fileChange(second, Buffer.from(values), [limitEdit])],
    },
  }));
}

function chosen(incident: Incident, paths: readonly string[] | null): Incident {
  return { ...incident, proposal: incident.proposal && chosenOf(incident.proposal, paths) };
}

describe('A proposal of several files', () => {
  it('is committed whole, each file with the value that was typed in it', async () => {
    await using world = await World.make();
    const incident = await twoFiles(world);
    const typed = { [typedKey(second, limitEdit)]: '2Gi' };
    const { sha } = await world
      .history()
      .commit(incident, world.decision({ values: typed }), evidence);
    expect(await world.blob(sha)).toEqual(world.expected());
    expect(await world.blob(sha, second)).toEqual(world.expected("'512Mi'", "'2Gi'"));
    expect(await world.status()).toEqual([]);
  });

  it('of which one is accepted leaves the other as it is, and says so in the record', async () => {
    await using world = await World.make();
    const incident = chosen(await twoFiles(world), [world.path]);
    const { sha } = await world.history().commit(incident, world.decision(), evidence);
    expect(await world.blob(sha)).toEqual(world.expected());
    expect(await world.blob(sha, second)).toEqual(world.original);
    expect(await world.changedIn(sha)).toEqual([...world.recordPaths, world.path]);
    const record = async (name: string) =>
      String(await world.read(`examples/${incident.id}/${name}`));
    expect(await record('summary.md')).toContain('left out by the person who approved');
    expect(await record('summary.md')).toContain('values-staging.yaml');
    expect(await record('change.diff')).not.toContain('values-staging.yaml');
    expect(JSON.parse(await record('incident.json'))).toMatchObject({
      proposal: { files: [{ path: world.path }], leftOut: [{ path: second }] },
    });
  });

  it('that was taken back can be accepted with other files', async () => {
    await using world = await World.make();
    const incident = await twoFiles(world);
    const history = world.history();
    await history.accept(chosen(incident, [world.path]), {}, evidence);
    await history.undo(incident);
    await history.accept(chosen(incident, [second]), {}, evidence);
    expect(await world.read()).toEqual(world.original);
    expect(await world.read(second)).toEqual(world.expected());
  });

  it('with a value that nobody knows is refused until it is typed', async () => {
    await using world = await World.make();
    const hole = { ...limitEdit, hole: 'the address of the database' };
    const incident = await world.store.update(world.incident.id, (each) => ({
      ...each,
      proposal: each.proposal && {
        ...each.proposal,
        files: [{ ...fileChange(world.path, world.original, [limitEdit]), edits: [hole] }],
      },
    }));
    const key = typedKey(world.path, limitEdit);
    for (const values of [{}, { [key]: "'1Gi'" }]) {
      const attempt = world.history().commit(incident, world.decision({ values }), evidence);
      await expect(attempt).rejects.toMatchObject({ code: 'value-missing' });
    }
    expect([await world.status(), await world.commitCount()]).toEqual([[], 1]);
    const decision = world.decision({ values: { [key]: "'3Gi'" } });
    const { sha } = await world.history().commit(incident, decision, evidence);
    expect(await world.blob(sha)).toEqual(world.expected("'512Mi'", "'3Gi'"));
  });

  it('cannot be accepted without a file, or with one that it does not change', async () => {
    await using world = await World.make();
    const { proposal } = await twoFiles(world);
    if (!proposal) throw new Error('There is a proposal.');
    expect(() => chosenOf(proposal, [])).toThrow('No file was chosen');
    expect(() => chosenOf(proposal, ['other.txt'])).toThrow('other.txt is not proposed');
    expect(wholeProposal(chosenOf(proposal, [second])).files).toHaveLength(2);
  });
});
