import { expect, test } from 'vitest';

import { mergeNodes, serverNodes } from '../../../../src/editor/pool/serverNodes';
import { english } from './english';
import { fullStatus, guideStatus, noEngineStatus, pool, server } from './statuses';

const titles = new Map([['incident-20261121100000', 'grafana: out of memory']]);

test('each server stands with its state, memory and when it stops, most telling first', () => {
  const nodes = serverNodes(guideStatus, titles, english);
  expect(nodes.map(({ label, description }) => `${label}: ${description}`)).toEqual([
    'postgres: idle · stops in 15 min · 100 MB of 200 MB · idle for 15 min · up 45 min',
    'docker: leased · 200 MB of 256 MB · up 5 min',
  ]);
});

test('who holds a server stands beneath it, an incident by its title', () => {
  const [, docker] = serverNodes(guideStatus, titles, english);
  expect(docker?.children).toMatchObject([
    { label: 'grafana: out of memory', incidentId: 'incident-20261121100000', kind: 'holder' },
  ]);
  const command = server({ server: 'kubectl', state: 'leased', holders: ['call'] });
  const [node] = serverNodes(pool({ servers: [command] }), titles, english);
  expect(node?.children).toMatchObject([{ label: 'call', kind: 'holder', incidentId: null }]);
});

test('menus can tell states and pins apart', () => {
  const nodes = serverNodes(fullStatus, titles, english);
  expect(nodes.map(({ context }) => context)).toEqual([
    'server:idle:unpinned',
    'server:leased:unpinned',
    'server:starting:unpinned',
    'server:idle:pinned',
    'server:stopping:unpinned',
    'failed',
  ]);
});

test('every state has an icon of its own, and ids stay the same', () => {
  const nodes = serverNodes(fullStatus, titles, english);
  const byState = new Map(nodes.map(({ context, icon }) => [context.split(':')[1], icon]));
  expect(new Set(byState.values()).size).toBe(byState.size);
  const later = serverNodes(structuredClone(fullStatus), new Map(), english);
  expect(later.map(({ id }) => id)).toEqual(nodes.map(({ id }) => id));
});

test('a failure is one sentence with the rest in its tooltip, gone once the server is up again', () => {
  const failed = serverNodes(fullStatus, titles, english).at(-1);
  expect(failed?.description).toBe(
    'failed: The server sentry did not start: it ended with status 1.',
  );
  expect(failed?.tooltip).toContain('SENTRY_AUTH_TOKEN is not set');
  const again = { ...fullStatus, servers: [server({ server: 'sentry' })] };
  expect(serverNodes(again, titles, english).map(({ kind }) => kind)).toEqual(['server']);
  const started = { at: '2026-11-21T10:40:00.000Z', server: 'sentry', name: '', why: '' };
  const stopped = {
    ...fullStatus,
    servers: [],
    history: [{ ...started, kind: 'started' as const }],
  };
  expect(serverNodes(stopped, titles, english)).toEqual([]);
});

test('of several failures of one server the last is shown', () => {
  const failure = (at: string, message: string) => ({ server: 'sentry', at, message });
  const status = pool({
    failed: [
      failure('2026-11-21T10:00:00.000Z', 'first'),
      failure('2026-11-21T10:01:00.000Z', 'second'),
    ],
  });
  expect(serverNodes(status, titles, english)).toMatchObject([{ description: 'failed: second' }]);
});

test('without an engine a note says so beneath the servers that go on', () => {
  const nodes = serverNodes(noEngineStatus, titles, english);
  expect(nodes.map(({ kind }) => kind)).toEqual(['server', 'note']);
  expect(nodes[1]?.description).toMatch(/^No container engine answers/);
  // The welcome text says it while there is nothing to show.
  const empty = { ...noEngineStatus, servers: [] };
  expect(serverNodes(empty, titles, english)).toEqual([]);
});

test('limits that the engine does not apply are said', () => {
  const everything = serverNodes(fullStatus, titles, english).find(
    ({ label }) => label === 'everything',
  );
  expect(everything?.children).toMatchObject([
    { label: 'The engine does not limit the number of processes.', kind: 'note' },
  ]);
});

test('a node stays the same object while its words change', () => {
  const shown = serverNodes(guideStatus, titles, english);
  const later = {
    ...guideStatus,
    servers: guideStatus.servers.map((each) => ({ ...each, memoryBytes: 150 * 1024 * 1024 })),
  };
  const [first, second] = shown;
  expect(mergeNodes(shown, serverNodes(guideStatus, titles, english))).toEqual({
    nodes: shown,
    changed: [],
    isOther: false,
  });
  const { nodes, changed, isOther } = mergeNodes(shown, serverNodes(later, titles, english));
  expect(nodes[0]).toBe(first);
  expect(changed).toEqual([first, second]);
  expect(first?.description).toContain('150 MB of 200 MB');
  expect(isOther).toBe(false);
});

test('a node that lost its holder lost it also in the object that is shown', () => {
  const shown = serverNodes(guideStatus, titles, english);
  const free = {
    ...guideStatus,
    servers: guideStatus.servers.map((each) => ({ ...each, holders: [] })),
  };
  const { nodes, changed } = mergeNodes(shown, serverNodes(free, titles, english));
  expect(nodes[1]?.children).toEqual([]);
  expect(changed).toEqual([nodes[1]]);
});

test('a server that came or went is another list', () => {
  const shown = serverNodes(guideStatus, titles, english);
  const [first] = guideStatus.servers;
  const fewer = { ...guideStatus, servers: first ? [first] : [] };
  expect(mergeNodes(shown, serverNodes(fewer, titles, english)).isOther).toBe(true);
  expect(mergeNodes([], shown).isOther).toBe(true);
});
