import { describe, expect, it } from 'vitest';

import { systemClock } from '../../src/base/clock';
import { silentLog } from '../../src/base/log';
import type { Proposal } from '../../src/incident/proposal';
import type { IncidentState } from '../../src/incident/state';
import { Recovery } from '../../src/recovery';
import { Runs } from '../../src/runs';
import { newIncident } from '../../src/store/draft';

const proposal: Proposal = {
  kind: 'values-edit',
  title: 'raise the limit',
  files: [],
  reason: '',
  formula: null,
  warnings: [],
};

function incident(id: string, state: IncidentState) {
  const place = { context: null, namespace: null, application: 'grafana', valuesFile: null };
  const draft = { trigger: 't', repository: '/srv', root: '/srv', place, fingerprint: id };
  return newIncident({ ...draft, state, proposal }, id, '2026-11-21T11:00:00.000Z');
}

/** What was left, and a diagnosis that only says what it was asked for. */
function world(incidents: readonly ReturnType<typeof incident>[], { isTrusted = true } = {}) {
  const said: string[] = [];
  const warnings: string[] = [];
  const works = (what: string, id: string) => {
    said.push(`${what} ${id}`);
    const found = incidents.find((each) => each.id === id);
    return found && !id.startsWith('broken')
      ? Promise.resolve(found)
      : Promise.reject(new Error('It broke.'));
  };
  const runs = new Runs((id) => Promise.resolve(void said.push(`end ${id}`)));
  const recovery = new Recovery({
    host: {
      clock: systemClock,
      isTrusted: () => isTrusted,
      log: { ...silentLog, warn: (message) => warnings.push(message) },
    },
    home: () =>
      Promise.resolve({
        repository: '/srv',
        author: () => Promise.resolve('Sam <sam@example.com>'),
        committedElsewhere: ({ id }) =>
          id === 'broken-git'
            ? Promise.reject(new Error('git is gone.'))
            : Promise.resolve(id === 'discarded' ? null : 'abc123'),
        store: {
          list: () => Promise.resolve([...incidents]),
          isRunning: (id) => Promise.resolve(id === 'elsewhere'),
          removeOlderThan: () => Promise.resolve([]),
        },
      }),
    diagnosis: () =>
      Promise.resolve({
        engine: {
          run: (id) => works('run', id),
          answer: (id, answer) =>
            works(answer.kind === 'approved' ? `commit ${answer.commit}` : answer.kind, id),
        },
        diagnoser: { resume: (id) => works('resume', id) },
      }),
    runs,
    roots: () => ['/srv'],
    closing: new AbortController().signal,
  });
  return { recovery, runs, said, warnings };
}

describe('What a crash interrupted', () => {
  it('goes on, and its servers go with it, also when it fails again', async () => {
    const { recovery, said, warnings } = world([
      incident('waiting', 'awaiting-approval'),
      incident('new', 'queued'),
      incident('elsewhere', 'collecting'),
      incident('broken', 'collecting'),
      incident('half', 'planning'),
      incident('over', 'rejected'),
    ]);
    await recovery.resumeInterrupted();
    expect(said).toEqual([
      ...['run new', 'end new'],
      ...['resume broken', 'end broken'],
      ...['resume half', 'end half'],
    ]);
    expect(warnings).toEqual(['broken: It broke.']);
  });

  it('keeps its servers while a person diagnoses the same', async () => {
    const { recovery, runs, said } = world([incident('half', 'planning')]);
    const person = new AbortController();
    runs.join('half', person);
    await recovery.resumeInterrupted();
    expect(said).toEqual(['resume half']);
    await runs.leave('half', person);
    expect(said).toEqual(['resume half', 'end half']);
  });

  it('stays where the workspace is not trusted', async () => {
    const { recovery, said } = world([incident('new', 'queued')], { isTrusted: false });
    await recovery.resumeInterrupted();
    await recovery.reconcile();
    expect(said).toEqual([]);
  });
});

describe('What was committed elsewhere', () => {
  it('is taken as approved; what cannot be compared keeps nobody else from it', async () => {
    const { recovery, said, warnings } = world([
      incident('broken-git', 'accepted'),
      incident('elsewhere', 'accepted'),
      incident('discarded', 'accepted'),
      incident('half', 'executing'),
      incident('waiting', 'accepted'),
      incident('over', 'rejected'),
    ]);
    await recovery.reconcile();
    expect(said).toEqual(['commit abc123 half', 'commit abc123 waiting']);
    expect(warnings).toEqual(['broken-git was not compared with git: git is gone.']);
  });
});
