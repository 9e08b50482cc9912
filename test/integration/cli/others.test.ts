import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { startStatsServer } from '../../fixtures/statsServer/statsServer';
import { Bench, dist, killed } from './command';

describe('war-room call', () => {
  it('fails with a sentence without an endpoint, and answers with one', async () => {
    await using bench = await Bench.make();
    const without = await bench.run(['call', 'stats', 'get_system_stats']);
    expect(without).toMatchObject({ status: 1, stdout: '' });
    expect(without.stderr).toContain('WAR_ROOM_STATS_URL');
    expect(without.stderr.trimEnd().split('\n')).toHaveLength(1);

    await using server = await startStatsServer();
    const env = { WAR_ROOM_STATS_URL: server.url };
    const { status, stdout } = await bench.run(['call', 'stats', 'get_system_stats'], { env });
    expect(status).toBe(0);
    expect(stdout).toContain('load-balancer');
    const json = await bench.run(['call', 'stats', 'get_system_stats', '{}', '--json'], { env });
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain('blog_service');
    expect(server.requests.length).toBeGreaterThan(0);
  });

  it('says in one sentence what it does not know', async () => {
    await using bench = await Bench.make();
    const wrong: readonly (readonly string[])[] = [
      ['call', 'nothing', 'get_system_stats'],
      ['call', 'stats', 'no_such_tool'],
      ['call', 'stats', 'get_system_stats', '{'],
      ['call', 'stats', 'get_system_stats', '[]'],
      ['call', 'stats', 'get_system_stats', '{}', '--runtime', 'docker'],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = await bench.run(args);
      expect([1, 2], args.join(' ')).toContain(status);
      expect(stdout).toBe('');
      expect(stderr, args.join(' ')).toMatch(/^[^\n]{20,400}\n$/);
      expect(stderr).not.toContain('    at ');
    }
    for (const args of wrong.slice(2)) expect((await bench.run(args)).status).toBe(2);
  });
});

describe('war-room mcp', () => {
  it('serves any MCP client', async () => {
    await using bench = await Bench.make();
    await using server = await startStatsServer();
    const client = new Client({ name: 'some-client', version: '1' });
    const env = { ...strings(bench.env), WAR_ROOM_STATS_URL: server.url };
    const args = [join(dist, 'cli.js'), 'mcp', 'stats'];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('get_system_stats');
      const answer = await client.callTool({ name: 'get_system_stats', arguments: {} });
      expect(JSON.stringify(answer.content)).toContain('load-balancer');
    } finally {
      await client.close();
    }
  });

  it('knows three servers', async () => {
    await using bench = await Bench.make();
    const { status, stderr } = await bench.run(['mcp', 'nothing']);
    expect(status).toBe(2);
    expect(stderr).toContain('stats, kubectl, logs');
  });
});

describe('war-room pool', () => {
  it('says that nothing runs', async () => {
    await using bench = await Bench.make();
    const text = await bench.run(['pool']);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).not.toBe('');
    const json = await bench.run(['pool', '--json']);
    expect(JSON.parse(json.stdout)).toEqual([]);
  });
});

describe('Usage', () => {
  const commands = ['diagnose', 'accept', 'reject', 'incidents', 'call', 'pool', 'mcp'];

  it('is shown for every command, and names only what is there', async () => {
    await using bench = await Bench.make();
    const all = await bench.run(['--help']);
    expect(all.status).toBe(0);
    for (const command of commands) expect(all.stdout).toContain(`\n  ${command} `);
    for (const later of ['serve', 'learn', 'feedback']) {
      expect(all.stdout).not.toMatch(new RegExp(`^  ${later}`, 'm'));
    }
    for (const command of commands) {
      const { status, stdout, stderr } = await bench.run([command, '--help']);
      expect({ status, stderr }, command).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(`war-room ${command}`);
    }
  });

  it('that is wrong ends with 2, and says why; with --json as the one object', async () => {
    await using bench = await Bench.make();
    const wrong: readonly (readonly string[])[] = [
      [],
      ['nothing'],
      ['diagnose', '--nothing'],
      ['diagnose', killed, '--model', 'other'],
      ['diagnose', killed, '--workspace', '/no/such/folder'],
      ['accept'],
      ['reject', 'incident-20260101000000'],
      ['incidents', '--workspace', '/no/such/folder'],
    ];
    for (const args of wrong) {
      const plain = await bench.run(args);
      expect(plain, args.join(' ')).toMatchObject({ status: 2, stdout: '' });
      expect(plain.stderr).toMatch(/^\S[^\n]{10,400}\n$/);
      const { status, result } = await bench.json(args);
      expect(status).toBe(2);
      expect(result).toMatchObject({ outcome: 'failed', error: { code: 'wrong-usage' } });
    }
    expect(await bench.incidents()).toEqual([]);
  });
});

function strings(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
