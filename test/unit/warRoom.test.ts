import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { DiagnoseRequest } from '../../src/diagnosis/diagnose';
import { WarRoom } from '../../src/warRoom';
import { temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { testHost } from '../harness/host';

/** Ends of the diagnoses that run, by what was asked. */
const ends = new Map<string, (error: Error) => void>();

// Every log is the one open incident's here, and its diagnosis goes on until it is stopped.
vi.mock('../../src/diagnosis/entry', () => ({
  createDiagnosis: () => ({
    diagnoser: {
      diagnose: (request: DiagnoseRequest, signal: AbortSignal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
          ends.set(request.trigger, reject);
          request.onProgress?.({ step: 'opened', id: 'incident-1' });
        }),
    },
  }),
}));

let data: TemporaryFolder;

beforeEach(async () => {
  data = await temporaryFolder('data');
  process.env['WAR_ROOM_DATA'] = data.path;
});

afterEach(async () => {
  delete process.env['WAR_ROOM_DATA'];
  ends.clear();
  await data.remove();
});

const host = testHost({ isTrusted: () => false });

/** A room where `incident-1` is diagnosed twice at once. */
async function twice() {
  const room = new WarRoom(host);
  const endIncident = vi.spyOn(room.servers, 'endIncident');
  const ended = (trigger: string) =>
    room.diagnose({ sources: [], trigger }).catch((error: unknown) => String(error));
  const runs = [ended('first'), ended('second')] as const;
  await vi.waitFor(() => expect(ends.size).toBe(2));
  return { room, runs, endIncident };
}

describe('A log that is diagnosed twice at once', () => {
  it('stops as a whole when it is cancelled', async () => {
    const { room, runs, endIncident } = await twice();
    room.cancel('incident-1');
    expect(await Promise.all(runs)).toEqual(['Error: stopped', 'Error: stopped']);
    expect(endIncident.mock.calls).toEqual([['incident-1']]);
    await room.close();
  });

  it('keeps servers and can be cancelled while one of the two goes on', async () => {
    const { room, runs, endIncident } = await twice();
    ends.get('second')?.(new Error('locked'));
    expect(await runs[1]).toBe('Error: locked');
    expect(endIncident).not.toHaveBeenCalled();
    room.cancel('incident-1');
    expect(await runs[0]).toBe('Error: stopped');
    expect(endIncident).toHaveBeenCalledOnce();
    await room.close();
  });
});
