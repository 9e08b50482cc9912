import { describe, expect, it } from 'vitest';

import type { PackageProgram } from '../../../../src/pool/images/fetchedPackage';
import {
  checkDigest,
  checkNamed,
  checkPinned,
  isIntegrity,
} from '../../../../src/pool/images/pinned';

const npm = (name: string, version: string): PackageProgram => ({
  ...{ kind: 'npm', package: name, version, integrity: null, bin: null },
});
const pypi = (name: string, version: string): PackageProgram => ({
  ...{ kind: 'pypi', package: name, version, integrity: null, command: null },
});
const digest = `sha256:${'0a'.repeat(32)}`;

describe('what is pinned', () => {
  it.each([
    npm('@modelcontextprotocol/server-memory', '2026.8.31'),
    npm('mcp-server-kubernetes', '4.1.7-beta.1+x'),
    pypi('mcp-server-time', '2026.10.19'),
    pypi('some_thing[cli]', '1!2.0rc1.post1+local.1'),
  ])('$package@$version is taken', (program) => {
    expect(() => checkPinned(program)).not.toThrow();
  });

  it.each([
    npm('server', 'latest'),
    npm('server', '^1.0.0'),
    npm('server', 'file:../secrets'),
    npm('server', 'git+ssh://host/server.git'),
    npm('../server', '1.0.0'),
    npm('', '1.0.0'),
    pypi('server', '>=1'),
    pypi('server', '1.0\n-r /etc/passwd'),
    pypi('server @ file:///etc', '1.0'),
    pypi('--index-url=x', '1.0'),
  ])('$package@$version is refused', (program) => {
    expect(() => checkPinned(program)).toThrow(/no package with an exact version/);
  });

  it.each([
    npm('server', '1.2.3'),
    npm('@company/server', 'latest'),
    npm('server', 'next-11'),
    npm('server', '^1.2.3-beta.1'),
    npm('server', '~1.x'),
    npm('server', '2'),
    pypi('server', '1.0rc1'),
    pypi('some_thing[cli]', 'latest'),
  ])('the registry may be asked for $package@$version', (program) => {
    expect(() => checkNamed(program)).not.toThrow();
  });

  it.each([
    npm('server', 'file:../secrets'),
    npm('server', '../secrets'),
    npm('server', '..'),
    npm('server', 'server.tgz'),
    npm('server', '1.tgz'),
    npm('server', 'git+ssh://host/server.git'),
    npm('server', 'github:owner/server'),
    npm('server', 'npm:other@1'),
    npm('../server', 'latest'),
    pypi('server', 'newest'),
    pypi('server', 'latest\n-r /etc/passwd'),
    pypi('--index-url=x', 'latest'),
  ])('no registry is asked for $package@$version', (program) => {
    expect(() => checkNamed(program)).toThrow(/nothing was looked up/);
  });

  it('takes images by their digest alone', () => {
    expect(() => checkDigest(`127.0.0.1:5000/some/image@${digest}`)).not.toThrow();
    for (const image of ['some/image', 'some/image:1', `some/image@${digest}0`, `-x@${digest}`]) {
      expect(() => checkDigest(image)).toThrow(/names no digest/);
    }
  });
});

describe('integrity', () => {
  it.each([
    [null, null, true],
    [null, 'sha512-a', true],
    ['sha512-a', null, false],
    ['sha512-a', 'sha512-b', false],
    ['sha256-b', 'sha256-a sha256-b', true],
    ['sha256-c sha256-b', 'sha256-a sha256-b', true],
  ])('%j is asked for and %j was taken: %s', (asked, recorded, same) => {
    expect(isIntegrity(asked, recorded)).toBe(same);
  });
});
