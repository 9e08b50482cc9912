import { spawn, spawnSync } from 'node:child_process';
import { cp, readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

import { projectRoot } from '../../harness/paths';
import { need } from '../mcp/prerequisite';
import { Bench, dist, endOf, killed, parsed } from './command';

/** A tracing service of our own, which counts who comes. */
async function tracingService() {
  const asked: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => response.end('{}'));
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every variable of these libraries' own that stands anywhere in their code. */
async function tracingVariables(): Promise<string[]> {
  const names = new Set(['LANGSMITH_TRACING', 'LANGCHAIN_TRACING_V2']);
  for (const library of ['langsmith', '@langchain']) {
    const folder = join(projectRoot, 'node_modules', library);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of entries.filter((entry) => /\.c?js$/.test(entry.name))) {
      const code = await readFile(join(parentPath, name), 'utf8').catch(() => '');
      for (const [found] of code.matchAll(/\b(?:LANGSMITH|LANGCHAIN)_[A-Z][A-Z0-9_]*\b/g)) {
        names.add(found.replace(/_$/, ''));
        names.add(found.replace(/_$/, '').replace(/^LANGSMITH/, 'LANGCHAIN'));
      }
    }
  }
  return [...names].sort();
}

/** All of them set so that whoever reads them sends everything to `url`, at once. */
async function tracingEnvironment(url: string): Promise<Record<string, string>> {
  const special: Record<string, string> = {
    TRACING_SAMPLING_RATE: '1',
    CALLBACKS_BACKGROUND: 'false',
    TRACING_BACKGROUND: 'false',
    RUNS_ENDPOINTS: '',
    OTEL_ENABLED: 'false',
    TRACING_MODE: 'langsmith',
    AGENT_ENVIRONMENT: 'production',
    CONFIG_FILE: '',
    PROFILE: '',
  };
  const value = (name: string) => {
    const short = name.replace(/^LANG(SMITH|CHAIN)_/, '');
    if (Object.hasOwn(special, short)) return special[short] ?? '';
    if (/ENDPOINT|URL|GATEWAY$/.test(short)) return url;
    if (/KEY|ID$|PROJECT|SESSION|NAME/.test(short)) return 'someone';
    return 'true';
  };
  const names = await tracingVariables();
  expect(names).toContain('LANGSMITH_ENDPOINT');
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

describe('With every variable of the tracing services set', () => {
  it('a whole run opens no connection to them, nor any other', async (context) => {
    const found = spawnSync('strace', ['-V']).status === 0;
    need(context, found ? null : 'strace, which sees every connection, is not installed');
    await using bench = await Bench.make();
    await using service = await tracingService();
    const env = { ...bench.env, ...(await tracingEnvironment(service.url)) };
    const trace = join(bench.root, '..', 'connections');
    const command = [process.execPath, join(dist, 'cli.js'), 'diagnose', killed, '--yes', '--json'];
    const args = ['-f', '-qq', '-e', 'trace=connect,sendto', '-o', trace, ...command];
    const ended = await endOf(spawn('strace', args, { cwd: bench.root, env }));
    expect(parsed(ended)).toMatchObject({ outcome: 'committed', error: null });
    expect(ended.stderr).toBe('');
    expect(service.connections()).toBe(0);
    const outside = (await readFile(trace, 'utf8'))
      .split('\n')
      .filter((line) => /AF_INET6?/.test(line));
    expect(outside).toEqual([]);
  });

  it('a graph that was bundled as the libraries come does go to them', async () => {
    await using bench = await Bench.make();
    await using service = await tracingService();
    const chatty = join(bench.root, '..', 'dist');
    await cp(dist, chatty, { recursive: true });
    await build({
      entryPoints: [join(projectRoot, 'src', 'diagnosis', 'entry.ts')],
      outfile: join(chatty, 'graph.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
    const env = { ...bench.env, ...(await tracingEnvironment(service.url)) };
    const args = [join(chatty, 'cli.js'), 'diagnose', killed, '--no-pool', '--json'];
    const ended = await endOf(spawn(process.execPath, args, { cwd: bench.root, env }));
    // The libraries talk on standard output too.
    expect(ended.stdout).toContain('"outcome": "proposed"');
    expect(service.connections()).toBeGreaterThan(0);
    expect(service.asked.length).toBeGreaterThan(0);
  });
});
