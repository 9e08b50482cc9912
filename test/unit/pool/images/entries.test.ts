import { describe, expect, it } from 'vitest';

import { nodeOptions } from '../../../../src/pool/images/npm/npmPackage';
import { consoleScripts } from '../../../../src/pool/images/pypi';

describe('the first line of a command of npm', () => {
  it.each([
    ['#!/usr/bin/env node', []],
    ['#!/usr/bin/node', []],
    [
      '#!/usr/bin/env -S node --no-warnings --enable-source-maps',
      ['--no-warnings', '--enable-source-maps'],
    ],
    ["'use strict';", []],
    ['', []],
    ['#!/bin/sh', null],
    ['#!/usr/bin/env python3', null],
    ['\u007fELF\u0002\u0001', null],
  ])('%j', (line, options) => {
    expect(nodeOptions(line)).toEqual(options);
  });
});

describe('the commands of a wheel', () => {
  it('are those of its section', () => {
    const text = [
      '[console_scripts]',
      'mcp-server-time = mcp_server_time:main',
      'other=pkg.cli:App.run',
      '',
      '[gui_scripts]',
      'window = pkg:window',
    ].join('\n');
    expect([...consoleScripts(text)]).toEqual([
      ['mcp-server-time', 'mcp_server_time:main'],
      ['other', 'pkg.cli:App.run'],
    ]);
  });

  it('take no more than names', () => {
    expect([...consoleScripts('[console_scripts]\nx = os:system("id")\ny = a b:c\n')]).toEqual([
      ['x', 'os:system'],
    ]);
  });

  it('may be none', () => {
    expect(consoleScripts('').size).toBe(0);
  });
});
