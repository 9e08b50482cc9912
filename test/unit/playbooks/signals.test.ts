import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { patterns } from '../../../src/playbooks/engine/patterns';
import { requiredLiterals } from '../../../src/playbooks/engine/literals';
import { posixPattern, posixPatterns, prefilterPatterns } from '../../../src/playbooks/signals';

describe('requiredLiterals', () => {
  it.each([
    [/connect ECONNREFUSED (?<host>\S+)/, ['connect econ']],
    [/no space left|\bENOSPC\b/, ['no space lef', 'enospc']],
    [/(?:redis|valkey)\b.*(?:is down|refused)/, ['is down', 'refused']],
    [/colou?red/, ['coloured', 'colored']],
    [
      /\b(?:is|was) not (?:set|found)\b/,
      ['is not set', 'is not found', 'was not set', 'was not foun'],
    ],
    [/exit code[ =]+137/, ['exit code']],
    [/port[ :]\d+ in use/, [' in use']],
    [/(?:maybe)?\d+/, []],
    [/a{0,3}\.log$/, ['.log']],
  ])('of %s', (pattern, expected) => {
    expect(requiredLiterals(pattern)).toEqual(expected);
  });
});

it('a bundle’s table of literals is that of these patterns, in their order', async () => {
  const { literalsOfPatterns } = createRequire(import.meta.url)('../../../esbuild.js') as {
    literalsOfPatterns: () => Promise<string[][]>;
  };
  const table = await literalsOfPatterns();
  expect(JSON.parse(JSON.stringify(table))).toEqual(
    patterns.map(({ regex }) => requiredLiterals(regex)),
  );
});

describe('prefilterPatterns', () => {
  it.each(prefilterPatterns().map((it) => [it.pattern.source, it] as const))(
    '%s has literals and is linear',
    (source, { literals }) => {
      expect(literals.length).toBeGreaterThan(0);
      for (const literal of literals) expect(literal).toMatch(/^[ -~]{2,}$/);
      expect(source).not.toMatch(/\(\?[=!]|\(\?<[=!]|[+*]\?|[+*}]\)[+*]|\\[1-9]/);
    },
  );
});

describe('posixPatterns', () => {
  it('are taken by grep', () => {
    const grep = spawnSync('grep', ['-i', '-E', '-c', '-f', '-', '/dev/null'], {
      input: posixPatterns().join('\n'),
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    expect(grep.stderr).toBe('');
    expect(grep.status).toBe(1);
  });

  it('keep classes and groups', () => {
    expect(posixPattern(/(?<port>\d+)[^\s:\]]+(?:a|b)/i)).toBe('([0-9]+)[^][:space:]:]+(a|b)');
  });
});
