import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { dataFolder, storeFolder } from '../../../src/store/dataFolder';
import { temporaryFolder } from '../../harness/temporary';

const home = '/home/sam';

describe('dataFolder', () => {
  it.each([
    ['linux', {}, '/home/sam/.local/share/war-room'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/war-room'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/sam/Library/Application Support/war-room'],
    ['win32', { LOCALAPPDATA: 'L:' }, 'L:/war-room'],
    ['linux', { WAR_ROOM_DATA: '/elsewhere', XDG_DATA_HOME: '/data' }, '/elsewhere'],
  ] as const)('on %s with %o is %s', (platform, env, expected) => {
    expect(dataFolder({ platform, env, home })).toBe(expected);
  });
});

describe('storeFolder', () => {
  it('is one folder for one repository, whatever way its path is written', async () => {
    await using folder = await temporaryFolder('store');
    const around = { platform: 'linux' as const, env: { WAR_ROOM_DATA: '/data' }, home };
    const real = join(folder.path, '저장소 one');
    await mkdir(real);
    await symlink(real, join(folder.path, 'link'));
    expect(await storeFolder(join(folder.path, 'link'), around)).toBe(
      await storeFolder(real, around),
    );
    expect(await storeFolder(folder.path, around)).not.toBe(await storeFolder(real, around));
    expect(await storeFolder(null, around)).toMatch(/^\/data\/[0-9a-f]{16}$/);
  });
});
