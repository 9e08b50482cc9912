import { describe, expect, it } from 'vitest';

import { treeOf, waitingCount, type TreeNode } from '../../../src/editor/treeNodes';
import type { Incident } from '../../../src/incident/incident';
import { newIncident } from '../../../src/store/draft';

const at = '2026-11-21T12:05:09.000Z';
const place = { context: null, namespace: null, application: null, valuesFile: null };

function incident(id: string, more: Partial<Incident>): Incident {
  const draft = { trigger: 'app.log', repository: null, root: '', place, fingerprint: 'f' };
  return { ...newIncident(draft, id, at), ...more };
}

function only(incident: Incident, interrupted = false): TreeNode {
  const [node] = treeOf([{ incident, interrupted }], Date.parse(at));
  if (!node) throw new Error('There is no node.');
  return node;
}

describe('The tree of incidents', () => {
  it('collapses the columns of a cited line, and keeps the line in the tooltip', () => {
    const evidence = [{ source: 'logs/pod.txt', line: 7, text: '    Reason:       OOMKilled' }];
    const rootCause = { summary: 'Killed.', confidence: 1, mechanism: null, evidence, changes: [] };
    const node = only(incident('incident-20261121120509', { rootCause }));
    const cited = node.children.find(({ kind }) => kind === 'evidence')?.children[0];
    expect(cited?.label).toBe('Reason: OOMKilled');
    expect(cited?.tooltip).toContain('Reason:       OOMKilled');
  });

  it('says that a commit was interrupted, apart from one that is being made', () => {
    const executing = incident('incident-20261121120509', { state: 'executing' });
    expect(only(executing)).toMatchObject({ context: 'incident:executing' });
    const left = only(executing, true);
    expect(left.context).toBe('incident:interrupted');
    expect(left.description).toContain('commit interrupted');
    expect(waitingCount([{ incident: executing, interrupted: true }])).toBe(1);
    expect(waitingCount([{ incident: executing, interrupted: false }])).toBe(0);
  });

  it('says of an accepted change whether its commit failed, and what can be done', () => {
    const accepted = { at, by: 'Kim', values: {}, files: [], staged: true, branch: 'main' };
    const error = { code: 'hook-failed' as const, message: 'The pre-commit hook refused it.' };
    const notes = (more: Partial<Incident>) =>
      only(incident('incident-20261121120509', { state: 'accepted', accepted, ...more }))
        .children.filter(({ kind }) => kind === 'note')
        .map(({ label }) => label);
    expect(notes({})).toEqual([expect.stringContaining('is not committed yet')]);
    expect(notes({ error })).toEqual([
      expect.stringMatching(/^The commit failed, and the change is staged.*or undo\.$/),
      error.message,
    ]);
  });

  it('puts first what waits for a person', () => {
    const states = ['resolved', 'collecting', 'awaiting-leave'] as const;
    const listed = states.map((state, index) => ({
      incident: incident(`incident-2026112112050${index}`, { state }),
      interrupted: false,
    }));
    expect(treeOf(listed, 0).map(({ context }) => context)).toEqual([
      'incident:awaiting-leave',
      'incident:collecting',
      'incident:resolved',
    ]);
  });
});
