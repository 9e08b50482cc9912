import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { waitFor } from '../../../harness/wait';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld } from './world';
import type { Running } from './world';

let missing: string | null;
let world: DockerWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await DockerWorld.open(process.env['DOCKER_HOST'] ?? '');
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

const hosts = ['example.com:80'];
const idle = 'process.stdin.on("end", () => process.exit()).resume()';
/** Says what becomes of connecting to the address in TARGET, as `host:port`. */
const dialler = `
  const [host, port] = process.env.TARGET.split(':');
  require('node:net').connect({ host, port, timeout: 3000 })
    .on('connect', () => { console.log('connected'); process.exit(); })
    .on('timeout', () => { console.log('no answer'); process.exit(); })
    .on('error', (error) => { console.log(error.code); process.exit(); });`;
const listener = `
  require('node:net').createServer(() => {}).listen(8000, '0.0.0.0', () => console.log('ready'));`;

async function networksOf({ program }: Running) {
  const { NetworkSettings } = await world.engine.client.getContainer(program.id).inspect();
  return NetworkSettings.Networks;
}

async function ownNetworks() {
  const found = await world.engine.client.listNetworks({ filters: { name: [world.unique] } });
  return found.filter(({ Name }) => Name === world.unique);
}

describe('the network of the containers', () => {
  it('is one, whoever makes it at the same moment', async () => {
    expect(await ownNetworks()).toEqual([]);
    const windows = Array.from({ length: 5 }, () => world.runtime());
    const running = await Promise.all(
      windows.map((runtime) => world.start('', { runtime, hosts })),
    );
    const networks = await ownNetworks();
    expect(networks).toHaveLength(1);
    for (const each of running) {
      expect(Object.values(await networksOf(each)).map(({ NetworkID }) => NetworkID)).toEqual([
        networks[0]?.Id,
      ]);
    }
    await Promise.all(running.map(({ program }) => program.stop()));
  });

  it('is one again after two windows have made one each', async () => {
    const [first] = await ownNetworks();
    await world.engine.client.createNetwork({
      Name: world.unique,
      CheckDuplicate: false,
      Labels: { 'war-room.network': 'true' },
    });
    const running = await world.start(idle, { hosts });
    expect(Object.values(await networksOf(running))[0]?.NetworkID).toBe(first?.Id);
    expect(await ownNetworks()).toHaveLength(1);
    await running.program.stop();
  });

  it('is made again when somebody removed it', async () => {
    const runtime = world.runtime();
    const before = await world.start('', { runtime, hosts });
    await before.program.stop();
    for (const { Id } of await ownNetworks()) await world.engine.client.getNetwork(Id).remove();
    const after = await world.start('', { runtime, hosts });
    expect(await ownNetworks()).toHaveLength(1);
    await after.program.stop();
  });

  it('is none for a server that reaches nothing', async () => {
    const running = await world.start(dialler, { values: { TARGET: 'host.docker.internal:80' } });
    expect(Object.keys(await networksOf(running))).toEqual(['none']);
    await running.program.gone;
    expect(running.text()).toMatch(/^(EAI_AGAIN|ENOTFOUND)/);
  });

  it('does not let its containers reach each other', async () => {
    const listening = await world.start(listener, { hosts });
    await waitFor('it to listen', () => listening.text().includes('ready'));
    const [{ IPAddress: address } = { IPAddress: '' }] = Object.values(await networksOf(listening));
    const dialling = await world.start(dialler, { hosts, values: { TARGET: `${address}:8000` } });
    await dialling.program.gone;
    expect(dialling.text()).toBe('no answer\n');
    await listening.program.stop();
  });

  it("reaches what listens on the person's machine, named as they name it", async () => {
    const server = createServer((socket) => socket.end()).listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const running = await world.start(dialler, {
      hosts: ['${TARGET}'],
      values: { TARGET: `localhost:${port}` },
    });
    const { HostConfig, Config } = await world.engine.client
      .getContainer(running.program.id)
      .inspect();
    expect(HostConfig.ExtraHosts).toEqual(['host.docker.internal:host-gateway']);
    expect(Config.Env).toContain(`TARGET=host.docker.internal:${port}`);
    await running.program.gone;
    expect(running.text()).toBe('connected\n');
    server.close();
  });
});
