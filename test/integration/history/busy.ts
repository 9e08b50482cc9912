import { expect } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import type { World } from './fixture';
import { limitEdit, newIncident, values } from './fixture';
import { accepted, withStaged, withUnstaged } from './texts';

/** The person has staged and unstaged edits in the values file and in another one. */
export async function busy(world: World): Promise<Incident> {
  await world.write(withStaged(values));
  await world.write('one\nTWO\nthree\n', 'other.txt');
  await world.git('add', '--all');
  await world.write(withUnstaged(withStaged(values)));
  await world.write('one\nTWO\nTHREE\n', 'other.txt');
  return newIncident(world.store, world.root, world.path, await world.read(), [limitEdit]);
}

export async function expectOnlyTheIncident(
  world: World,
  incident: Incident,
  sha: string,
): Promise<void> {
  const record = ['change.diff', 'incident.json', 'summary.md'];
  expect(await world.changedIn(sha)).toEqual([
    ...record.map((name) => `examples/${incident.id}/${name}`),
    world.path,
  ]);
  expect(await world.blob(sha)).toEqual(world.expected());
}

export async function expectStillBusy(world: World): Promise<void> {
  expect(String(await world.read())).toBe(accepted(withUnstaged(withStaged(values))));
  expect(String(await world.blob(''))).toBe(accepted(withStaged(values)));
  expect(String(await world.read('other.txt'))).toBe('one\nTWO\nTHREE\n');
  expect(String(await world.blob('', 'other.txt'))).toBe('one\nTWO\nthree\n');
  expect(await world.status()).toEqual([`MM ${world.path}`, 'MM other.txt']);
}
