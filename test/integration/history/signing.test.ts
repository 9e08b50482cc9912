import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runOrThrow } from '../../harness/process';
import { evidence } from './evidence';
import { World } from './fixture';

/** The person signs every commit from now on, with the SSH key that is returned. */
async function sign(world: World): Promise<string> {
  const key = join(world.root, '..', 'key');
  const at = { cwd: world.root, env: world.env, deadlineMs: 30_000 };
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'sam', '-f', key], at);
  await world.git('config', 'gpg.format', 'ssh');
  await world.git('config', 'user.signingkey', `${key}.pub`);
  await world.git('config', 'commit.gpgsign', 'true');
  return key;
}

describe('A person who signs', () => {
  it('gets a signed commit that git verifies', async () => {
    await using world = await World.make();
    const key = await sign(world);
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    const signers = join(world.root, '..', 'signers');
    const at = { cwd: world.root, env: world.env, deadlineMs: 30_000 };
    const shown = await runOrThrow('ssh-keygen', ['-y', '-f', key], at);
    await writeFile(signers, `sam@example.com ${shown}`);
    await world.git('config', 'gpg.ssh.allowedSignersFile', signers);
    expect((await world.git('log', '-1', '--format=%G? %GS', sha)).trim()).toBe(
      'G sam@example.com',
    );
  });

  it.each([
    [
      'whose key is gone',
      async (world: World) => world.git('config', 'user.signingkey', '/nowhere/key.pub'),
    ],
    [
      'whose signer is gone',
      async (world: World) => world.git('config', 'gpg.ssh.program', '/nowhere/signer'),
    ],
  ])('%s is told, and nothing is lost', async (_case, breakIt) => {
    await using world = await World.make();
    await sign(world);
    await breakIt(world);
    await world.history().accept(world.incident, {}, evidence);
    const status = await world.status();
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toMatchObject({ code: 'signing-failed' });
    await expect(attempt).rejects.toThrow(
      /^git could not sign the commit \(.*nowhere.*\), so nothing/,
    );
    expect([await world.status(), await world.commitCount()]).toEqual([status, 1]);
    expect(await world.read()).toEqual(world.expected());
  });
});
