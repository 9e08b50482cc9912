import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import {
  isOfSameProcess,
  lifeOf,
  newOwner,
  ownerText,
  parseOwner,
} from '../../../../src/pool/ownership/owner';

describe('an owner', () => {
  it('comes back from its text as it was', async () => {
    const owner = await newOwner();
    expect(parseOwner(ownerText(owner))).toEqual(owner);
  });

  it('is another one with each pool of a process', async () => {
    const [one, other] = [await newOwner(), await newOwner()];
    expect(ownerText(one)).not.toBe(ownerText(other));
    expect(other).toEqual({ ...one, pool: other.pool });
    expect(isOfSameProcess(ownerText(one), ownerText(other))).toBe(true);
    const later = { ...other, process: { pid: process.pid, start: 'later' } };
    expect(isOfSameProcess(ownerText(one), ownerText(later))).toBe(false);
    expect(isOfSameProcess('me', 'me')).toBe(false);
  });

  it.each(['', 'me', '1.2.3.4.5', '0123456789abcdef.1.-4.s1.01234567', `${'a'.repeat(16)}.1.2`])(
    'is not read out of %j',
    (text) => expect(parseOwner(text)).toBeUndefined(),
  );

  it('lives while its process does, and is dead once it has ended', async () => {
    const here = await newOwner();
    expect(await lifeOf(here, here)).toBe('alive');
    const child = spawn(process.execPath, ['-e', '0']);
    const { pid = 0 } = child;
    await once(child, 'exit');
    expect(await lifeOf({ ...here, process: { ...here.process, pid } }, here)).toBe('dead');
  });

  it('is dead when its number belongs to another process now', async () => {
    const here = await newOwner();
    const earlier = { ...here, process: { pid: process.pid, start: 'deadbeef-1' } };
    expect(await lifeOf(earlier, here)).toBe('dead');
  });

  it('of another machine or pid namespace is foreign, whatever its number', async () => {
    const here = await newOwner();
    expect(await lifeOf({ ...here, machine: '0'.repeat(16) }, here)).toBe('foreign');
    expect(await lifeOf({ ...here, pidNamespace: '1' }, here)).toBe('foreign');
  });
});
