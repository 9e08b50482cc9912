import { beforeEach, describe, expect, it, vi } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { silentLog } from '../../../src/base/log';
import { Servers } from '../../../src/servers/servers';
import { testHost } from '../../harness/host';

const asked: string[] = [];
const warnings: string[] = [];
/** What the played rooms do. */
let remember: () => Promise<void>;
let grant: () => Promise<{ release: () => void }>;

vi.mock('../../../src/servers/serverDesk', () => ({
  ServerDesk: class {
    request = (name: string) => Promise.resolve({ spec: { name } });
    prewarmRequests = () => Promise.resolve([]);
    remember = (names: readonly string[], ok: boolean) => {
      asked.push(`remember ${names.join()} ${ok}`);
      return remember();
    };
  },
}));
vi.mock('../../../src/servers/poolOwner', () => ({
  PoolOwner: class {
    pool = () => Promise.resolve({ lease: () => grant() });
    close = () => Promise.resolve();
  },
}));

const host = testHost({ log: { ...silentLog, warn: (message) => warnings.push(message) } });
const holder = { id: 'incident-1', context: null };
const options = () => ({ deadlineMs: 15_000, signal: new AbortController().signal });
const lease = { release: () => asked.push('release') };

beforeEach(() => {
  asked.splice(0);
  warnings.splice(0);
  remember = () => Promise.resolve();
  grant = () => Promise.resolve(lease);
});

describe('A lease', () => {
  it('is had although its start cannot be counted, and the log says so', async () => {
    const servers = new Servers(host);
    remember = () => Promise.reject(new Error('EEXIST'));
    expect(await servers.lease(holder, ['stats'], options())).toBe(lease);
    expect(await servers.lease(holder, ['logs'], options())).toBe(lease);
    await servers.close();
    expect(asked).toEqual(['remember stats true', 'remember logs true']);
    expect(warnings).toEqual(Array(2).fill(expect.stringContaining('EEXIST')));
  });

  it('does not wait until its start is counted; the end of the process does', async () => {
    const servers = new Servers(host);
    let counted = () => asked.push('never');
    remember = () => new Promise((resolve) => (counted = () => (resolve(), asked.push('counted'))));
    expect(await servers.lease(holder, ['stats'], options())).toBe(lease);
    await vi.waitFor(() => expect(asked).toEqual(['remember stats true']));
    const closed = servers.close().then(() => asked.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    counted();
    await closed;
    expect(asked).toEqual(['remember stats true', 'counted', 'closed']);
  });

  it('is given back when it was granted at the moment of the cancel', async () => {
    const servers = new Servers(host);
    const cancel = new AbortController();
    grant = () => {
      cancel.abort();
      return Promise.resolve(lease);
    };
    const wanted = servers.lease(holder, ['stats'], { deadlineMs: 15_000, signal: cancel.signal });
    await expect(wanted).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toContain('release');
    await servers.close();
  });

  it('that fails for its server says why, also when that cannot be counted', async () => {
    const servers = new Servers(host);
    remember = () => Promise.reject(new Error('EEXIST'));
    grant = () => Promise.reject(new WarRoomError('server-failed', 'It did not start.'));
    const wanted = servers.lease(holder, ['stats'], options());
    await expect(wanted).rejects.toMatchObject({ code: 'server-failed' });
    await servers.close();
    expect(asked).toEqual(['remember stats false']);
  });
});
