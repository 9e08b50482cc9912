import { afterEach, describe, expect, it, vi } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { StartRequest } from '../../../src/pool/runtime';
import { Containers } from '../../../src/servers/containers';
import { testHost } from '../../harness/host';

/** Answers of the engine that are still to come. */
const answers: (() => void)[] = [];

// An engine that answers when it is told to, to whoever has not hung up.
vi.mock('../../../src/pool/engine/connect', () => ({
  connectEngine: (_: object, signal: AbortSignal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(cancelled()));
      answers.push(() => resolve({ place: { connection: { socketPath: '/engine' } }, facts: {} }));
    }),
}));
vi.mock('../../../src/pool/reaper/reaperLine', () => ({
  ReaperLine: {
    open: () =>
      Promise.resolve({ owner: 'me', guardEngine: () => undefined, dispose: () => undefined }),
  },
}));
vi.mock('../../../src/pool/images/images', () => ({
  createImages: () => ({
    imageOf: () => Promise.reject(new WarRoomError('image-failed', 'It came as far as the image.')),
    dispose: () => Promise.resolve(),
  }),
}));

const cancelled = () => new WarRoomError('cancelled', 'Asking the engine was cancelled.');
const never = new AbortController().signal;
const host = testHost();
const server: StartRequest = {
  spec: {
    name: 'server',
    program: { kind: 'oci', image: `server@sha256:${'0'.repeat(64)}` },
    args: [],
    environment: [],
    state: 'none',
    hosts: [],
  },
  environment: {},
  onErrorLine: () => undefined,
};

const codeOf = (work: Promise<unknown>) =>
  work.then(String, (error: unknown) => (WarRoomError.is(error) ? error.code : String(error)));

afterEach(() => answers.splice(0));

describe('The container engine', () => {
  it('is found for the others when the diagnosis that asked first is cancelled', async () => {
    const containers = new Containers(host);
    const runtime = await containers.runtime();
    const person = new AbortController();
    const diagnosis = codeOf(containers.engine(person.signal));
    const lease = codeOf(runtime.start(server, never));
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    person.abort();
    expect(await diagnosis).toBe('cancelled');
    answers[0]?.();
    expect(await lease).toBe('image-failed');
    expect(await codeOf(runtime.start(server, never))).toBe('image-failed');
    await containers.close();
  });

  it('is no longer looked for when the process lets go of it', async () => {
    const containers = new Containers(host);
    const waiting = codeOf(containers.engine(never));
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    await containers.close();
    expect(await waiting).toBe('cancelled');
  });
});
