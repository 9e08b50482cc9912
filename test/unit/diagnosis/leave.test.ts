import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { Suggestion } from '../../../src/diagnosis/ports';
import type { LeaveRequest } from '../../../src/incident/leave';
import { World, input, killedLog, never, unclearLog } from './world';

const leave: LeaveRequest = {
  server: 'redis',
  key: 'k',
  runtime: 'docker',
  program: 'npm:@example/redis@1.2.3',
  command: null,
  folder: null,
  image: 'node:24-slim',
  args: [],
  publisher: null,
  integrity: null,
  environment: ['REDIS_URL'],
  network: ['${REDIS_URL}'],
  minted: [],
  why: 'It fits.',
};
const redis: Suggestion = {
  server: 'redis',
  score: 80,
  looks: [
    {
      server: 'redis',
      tool: 'info',
      arguments: {},
      why: 'It tells whether Redis answers.',
      cites: ['^redis_version:', '^maxmemory:'],
    },
  ],
  leave: null,
  unavailable: null,
};
const answer = '# Server\nredis_version:7.0.15\nerror_count:12\nmaxmemory:0';

describe('A server of the catalogue', () => {
  it('that may start is prepared and asked, and lines of its answer are cited', async () => {
    await using world = await World.make();
    world.suggestions = [redis];
    world.lease = () => Promise.resolve(world.answering(() => answer));
    const id = await world.queued(killedLog);
    const { rootCause, evidence } = await world.engine().run(id, input, never);
    expect(world.asked).toContain('prepare redis');
    expect(world.asked).toContain('redis/info');
    expect(evidence.map(({ source }) => source)).toContain('mcp:redis/info');
    expect(rootCause?.evidence).toContainEqual({
      source: 'mcp:redis/info',
      line: 2,
      text: 'redis_version:7.0.15',
    });
    expect(rootCause?.evidence.at(-1)?.text).toBe('maxmemory:0');
  });

  it('is not searched for failures: what it prints is no log of the incident', async () => {
    await using world = await World.make();
    world.suggestions = [redis];
    world.lease = () =>
      Promise.resolve(world.answering((server) => (server === 'redis' ? killedLog : 'nothing')));
    const id = await world.queued(unclearLog);
    const { category } = await world.engine().run(id, input, never);
    expect(category).not.toBe('oom-killed');
  });

  it('that was never run here waits for leave; nothing is prepared before', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, leave }];
    const id = await world.queued(killedLog);
    const waiting = await world.engine().run(id, input, never);
    expect(waiting.state).toBe('awaiting-leave');
    expect(waiting.leave).toEqual([leave]);
    expect(world.asked).toEqual([]);
  });

  it('is started after a yes, by whichever process hears it', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, leave }];
    world.lease = () => Promise.resolve(world.answering(() => answer));
    const id = await world.queued(killedLog);
    await world.engine().run(id, input, never);
    const yes = { kind: 'leave', allowed: ['redis'] } as const;
    const after = await world.engine().answer(id, yes, never);
    expect(after.state).toBe('awaiting-approval');
    expect(after.leave).toEqual([]);
    expect(world.asked).toContain('redis/info');
  });

  it('is not started after a no, and that is said', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, leave }];
    const id = await world.queued(killedLog);
    await world.engine().run(id, input, never);
    const after = await world.engine().answer(id, { kind: 'leave', allowed: [] }, never);
    expect(after.state).toBe('awaiting-approval');
    expect(world.asked).not.toContain('prepare redis');
    expect(after.unchecked).toContain('redis was not asked, since it had no leave to start.');
  });

  it('starts without a question where that was said beforehand', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, leave }];
    const id = await world.queued(killedLog);
    const { state } = await world.engine().run(id, { ...input, allowStart: true }, never);
    expect(state).toBe('awaiting-approval');
    expect(world.asked).toContain('redis/info');
  });

  it('that cannot be used is named with the reason and nothing of it is started', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, unavailable: 'redis was not asked: REDIS_URL is not set.' }];
    const id = await world.queued(killedLog);
    const { unchecked } = await world.engine().run(id, input, never);
    expect(unchecked).toContain('redis was not asked: REDIS_URL is not set.');
    expect(world.asked).not.toContain('redis/info');
  });

  it('whose image cannot be made takes nothing from the rest', async () => {
    await using world = await World.make();
    world.suggestions = [redis];
    world.prepare = () => Promise.reject(new WarRoomError('image-failed', 'There is no base.'));
    const id = await world.queued(killedLog);
    const { unchecked, state } = await world.engine().run(id, input, never);
    expect(state).toBe('awaiting-approval');
    expect(unchecked).toContain('redis: There is no base.');
  });

  it('that does not start leaves the bundled servers to be asked alone', async () => {
    await using world = await World.make();
    world.suggestions = [redis];
    const leased: string[][] = [];
    world.lease = (_, servers) => {
      leased.push([...servers]);
      return servers.includes('redis')
        ? Promise.reject(new WarRoomError('server-failed', 'It did not start.'))
        : Promise.resolve(world.answering(() => 'nothing new'));
    };
    const id = await world.queued(killedLog);
    const { unchecked } = await world.engine().run(id, input, never);
    expect(leased[0]).toContain('redis');
    expect(leased[1]).toEqual(leased[0]?.filter((name) => name !== 'redis'));
    expect(unchecked).toContain('It did not start.');
  });

  it('is asked in no run without servers', async () => {
    await using world = await World.make();
    world.suggestions = [{ ...redis, leave }];
    const id = await world.queued(killedLog);
    const { state } = await world.engine().run(id, { ...input, useServers: false }, never);
    expect(state).toBe('awaiting-approval');
    expect(world.asked).not.toContain('prepare redis');
  });
});
