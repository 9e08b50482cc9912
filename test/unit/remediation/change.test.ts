import { describe, expect, it } from 'vitest';

import type { Proposal } from '../../../src/incident/proposal';
import { fileChange, proposalBytes, readScalar, reapply } from '../../../src/remediation/change';

const path = ['resources', 'limits', 'memory'];
const typedPath = 'resources.limits.memory';
const bytesOf = (text: string) => Buffer.from(text, 'utf8');
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const values = (memory: string, before = '') =>
  bytesOf(`${before}resources:\n  limits:\n    memory: ${memory}\n`);

const change = fileChange('helm-values/grafana/values.yaml', values('512Mi'), [
  { keyPath: path, before: '512Mi', after: '1024Mi' },
]);
const proposal: Proposal = {
  kind: 'values-edit',
  title: 'raise memory limit to 1024Mi',
  files: [change],
  reason: 'It was killed.',
  formula: null,
  warnings: [],
};

describe('proposalBytes', () => {
  it('makes the proposed change', () => {
    expect(text(proposalBytes(values('512Mi'), change))).toBe(text(values('1024Mi')));
  });

  it('takes what the person typed, in the style of the file', () => {
    expect(text(proposalBytes(values('512Mi'), change, { [typedPath]: '768Mi' }))).toBe(
      text(values('768Mi')),
    );
  });

  it('refuses what is no value, and a file that moved on', () => {
    const typed = { [typedPath]: '1Gi\nother: 1' };
    expect(() => proposalBytes(values('512Mi'), change, typed)).toThrow(
      expect.objectContaining({ code: 'wrong-usage' }) as Error,
    );
    expect(() => proposalBytes(values('600Mi'), change)).toThrow(
      expect.objectContaining({ code: 'proposal-stale' }) as Error,
    );
  });
});

describe('reapply', () => {
  it('makes the edit again on changed text, with what was typed', () => {
    const now = values('"600Mi" # tuned', 'replicas: 2\n');
    const again = reapply(proposal, change.path, now, { [typedPath]: '900Mi' });
    const [file] = again.files;
    expect(file?.edits).toEqual([{ keyPath: path, before: '"600Mi"', after: '"900Mi"' }]);
    expect(file?.diff).toContain('+    memory: "900Mi" # tuned');
    expect(file?.baseDigest).not.toBe(change.baseDigest);
    expect(file && text(proposalBytes(now, file))).toContain('memory: "900Mi" # tuned');
  });

  it('leaves the changes of other files alone', () => {
    expect(reapply(proposal, 'other.yaml', values('1Gi')).files).toEqual([change]);
  });

  it('edits a key in place that was to be added and is there now', () => {
    const probe = bytesOf('livenessProbe:\n  periodSeconds: 5\n');
    const keyPath = ['livenessProbe', 'initialDelaySeconds'];
    const added = fileChange('v.yaml', probe, [{ keyPath, before: null, after: '30' }]);
    const now = bytesOf('livenessProbe:\n  periodSeconds: 5\n  initialDelaySeconds: 10\n');
    const again = reapply({ ...proposal, files: [added] }, 'v.yaml', now);
    expect(again.files[0]?.edits).toEqual([{ keyPath, before: '10', after: '30' }]);
  });

  it('takes a typed value also for a key that is added', () => {
    const probe = bytesOf('livenessProbe:\n  periodSeconds: 5\n');
    const keyPath = ['livenessProbe', 'initialDelaySeconds'];
    const added = fileChange('v.yaml', probe, [{ keyPath, before: null, after: '30' }]);
    const typed = { 'livenessProbe.initialDelaySeconds': '45' };
    expect(text(proposalBytes(probe, added, typed))).toBe(
      'livenessProbe:\n  periodSeconds: 5\n  initialDelaySeconds: 45\n',
    );
  });

  it('says when the key is gone or the file broke', () => {
    expect(() => reapply(proposal, change.path, bytesOf('a: 1\n'))).toThrow(
      expect.objectContaining({ code: 'values-key-missing' }) as Error,
    );
    expect(() => reapply(proposal, change.path, bytesOf('a: [\n'))).toThrow(
      expect.objectContaining({ code: 'values-unparsable' }) as Error,
    );
  });
});

describe('readScalar', () => {
  it('gives text and value, and undefined where there is nothing', () => {
    expect(readScalar(values("'1Gi'"), path)).toEqual({ source: "'1Gi'", value: '1Gi' });
    expect(readScalar(values('1Gi'), ['x'])).toBeUndefined();
  });
});
