import { describe, expect, it } from 'vitest';

import { compareLink, isGitHub } from '../../../src/history/compareLink';

const fix = { head: 'war-room/incident-1', base: 'main' };

describe('Where a pull request is opened', () => {
  it.each([
    [
      'git@github.com:shop/charts.git',
      'https://github.com/shop/charts/compare/main...war-room/incident-1?expand=1',
    ],
    [
      'https://kim:secret@github.com/shop/charts',
      'https://github.com/shop/charts/compare/main...war-room/incident-1?expand=1',
    ],
    [
      'ssh://git@github.company.example:2222/shop/charts.git',
      'https://github.company.example/shop/charts/compare/main...war-room/incident-1?expand=1',
    ],
    [
      'https://gitlab.com/group/sub/charts.git',
      'https://gitlab.com/group/sub/charts/-/merge_requests/new?merge_request%5Bsource_branch%5D=war-room%2Fincident-1&merge_request%5Btarget_branch%5D=main',
    ],
    [
      'git@bitbucket.org:shop/charts.git',
      'https://bitbucket.org/shop/charts/pull-requests/new?source=war-room%2Fincident-1&dest=main',
    ],
    [
      'https://bitbucket.company.example/scm/OPS/charts.git',
      'https://bitbucket.company.example/projects/OPS/repos/charts/pull-requests?create=&sourceBranch=war-room%2Fincident-1&targetBranch=main',
    ],
    [
      'git@ssh.dev.azure.com:v3/shop/Web%20Shop/charts',
      'https://dev.azure.com/shop/Web%20Shop/_git/charts/pullrequestcreate?sourceRef=war-room%2Fincident-1&targetRef=main',
    ],
    [
      'https://shop@dev.azure.com/shop/web/_git/charts',
      'https://dev.azure.com/shop/web/_git/charts/pullrequestcreate?sourceRef=war-room%2Fincident-1&targetRef=main',
    ],
  ])('of %s', (address, link) => {
    expect(compareLink(address, fix)).toBe(link);
  });

  it('without a known base leaves it to the host', () => {
    expect(compareLink('git@github.com:o/r.git', { ...fix, base: null })).toBe(
      'https://github.com/o/r/compare/war-room/incident-1?expand=1',
    );
  });

  it.each([
    '/srv/git/charts.git',
    '../charts.git',
    'C:\\git\\charts',
    'git@git.example:charts.git',
  ])('of %s is not known', (address) => {
    expect(compareLink(address, fix)).toBeNull();
  });

  it('is GitHub by its host and not by its path', () => {
    expect(isGitHub('https://git.example/github/charts.git')).toBe(false);
    expect(isGitHub('git@github.com:o/r.git')).toBe(true);
  });
});
