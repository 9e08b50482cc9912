import { describe, expect, it } from 'vitest';

import {
  needsBuild,
  needsBuildSentence,
  runsAtInstall,
} from '../../../../src/pool/images/needsBuild';

const required = { isOptional: false };

describe('what npm would run when a package is installed', () => {
  it.each([
    [{ hasInstallScript: true }, true],
    [{ gypfile: true }, true],
    [{ scripts: { preinstall: 'x' } }, true],
    [{ scripts: { install: 'node-gyp rebuild' } }, true],
    [{ scripts: { postinstall: 'x' } }, true],
    [{ scripts: { prepare: 'x', test: 'x', postinstall: '' } }, false],
    [{ hasInstallScript: false, gypfile: false }, false],
    [{}, false],
  ])('%j: %s', (manifest, runs) => {
    expect(runsAtInstall(manifest)).toBe(runs);
  });
});

describe('what needs a build', () => {
  it('names the packages that would run scripts', () => {
    expect(
      needsBuild([
        { name: 'better-sqlite3', ...required, hasInstallScript: true },
        { name: 'zod', ...required },
      ]),
    ).toEqual(['better-sqlite3']);
  });

  it('leaves out what a server runs without', () => {
    expect(needsBuild([{ name: 'cpu-features', isOptional: true, gypfile: true }])).toEqual([]);
  });

  it('leaves out what only says something', () => {
    const scripts = { postinstall: 'node scripts/postinstall' };
    expect(needsBuild([{ name: 'protobufjs', ...required, scripts }])).toEqual([]);
  });

  it('says what to do', () => {
    expect(needsBuildSentence('some-server', ['a', 'b', 'c', 'd'])).toBe(
      'some-server needs a build: a, b, c, … would run scripts when it is installed, which War Room does not allow; choose another server.',
    );
  });
});
