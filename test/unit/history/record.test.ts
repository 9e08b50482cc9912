import { describe, expect, it } from 'vitest';

import { incidentRecord, keptEvidence } from '../../../src/history/record';
import { parseSummary } from '../../../src/history/summary';
import type { EvidenceText } from '../../../src/incident/evidence';
import { newIncident } from '../../../src/store/draft';

const evidence: EvidenceText = {
  source: 'grafana.log',
  complete: true,
  totalLines: 500,
  lines: Array.from({ length: 500 }, (_, index) => ({
    number: index + 1,
    text: `line ${index + 1} \`\`\` of the log`,
  })),
};

const incident = newIncident(
  {
    trigger: 'grafana.log',
    repository: '/home/sam/charts',
    root: '/home/sam/charts',
    place: { context: null, namespace: 'monitoring', application: 'grafana', valuesFile: null },
    fingerprint: 'f1',
    category: 'oom-killed',
    severity: 'high',
    app: 'grafana: "the one"',
    rootCause: {
      summary: 'Killed for memory.',
      confidence: 0.9,
      mechanism: null,
      evidence: [{ source: 'grafana.log', line: 200, text: 'line 200 ``` of the log' }],
      changes: [],
    },
    proposal: {
      kind: 'values-edit',
      title: 'raise memory limit to 1Gi',
      files: [{ path: 'values.yaml', edits: [], diff: '', baseDigest: '' }],
      reason: 'It was killed at its limit.',
      formula: null,
      warnings: [],
    },
  },
  'incident-20261121110000',
  '2026-11-21T11:00:00.000Z',
);
const approval = { by: 'Sam <sam@example.com>', at: '2026-11-21T11:05:00.000Z', values: {} };
const diff = '--- a/values.yaml\n+++ b/values.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n';
const options = { folder: 'examples', evidence: 'summary', scanSecrets: () => [] } as const;

function texts(scanSecrets: (text: string) => readonly string[] = () => []) {
  const { files, notes } = incidentRecord(incident, [evidence], approval, diff, {
    ...options,
    scanSecrets,
  });
  const text = (name: string) =>
    Buffer.from(files.get(`examples/${incident.id}/${name}`) ?? []).toString('utf8');
  return { text, notes };
}

describe('The incident folder', () => {
  it('has a summary that is read back', () => {
    const summary = texts().text('summary.md');
    expect(parseSummary(summary)).toEqual({
      id: incident.id,
      category: 'oom-killed',
      severity: 'high',
      app: 'grafana: "the one"',
      status: 'committed',
      confidence: 0.9,
      detected: '2026-11-21T11:00:00.000Z',
      resolved: null,
      source: 'grafana.log',
      files: ['values.yaml'],
      actions: ['raise memory limit to 1Gi'],
    });
    const titles = summary.match(/^## .*/gm);
    expect(titles).toEqual([
      '## What happened',
      '## Root cause',
      '## Evidence',
      '## Change',
      '## Verification',
      '## Timeline',
    ]);
    expect(summary).toContain('grafana.log:200\n````\nline 200 ``` of the log\n````');
  });

  it('is the same for the same input, and names no path of the machine', () => {
    expect(texts().text('incident.json')).toBe(texts().text('incident.json'));
    expect(texts().text('incident.json')).not.toContain('/home/sam');
  });

  it('keeps the cited lines with 20 around them', () => {
    const [kept] = keptEvidence(incident, [evidence], 'summary');
    expect(kept?.lines.map(({ number }) => number)).toEqual(
      Array.from({ length: 41 }, (_, index) => 180 + index),
    );
    expect(kept?.complete).toBe(false);
    expect(keptEvidence(incident, [evidence], 'none')).toEqual([]);
    expect(keptEvidence(incident, [evidence], 'full')).toEqual([evidence]);
  });

  it('keeps fewer lines around where 64 KiB would not hold them', () => {
    const long = {
      ...evidence,
      lines: evidence.lines.map((line) => ({ ...line, text: 'x'.repeat(4_000) })),
    };
    const kept = keptEvidence(incident, [long], 'summary');
    expect(kept[0]?.lines).toHaveLength(11);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(64 * 1024);
  });

  it('leaves out lines that may hold a secret, and says so', () => {
    const { text, notes } = texts((it) => (it.includes('line 201 ') ? ['token'] : []));
    expect(text('incident.json')).not.toContain('line 201 ');
    expect(text('incident.json')).toContain('line 200 ');
    expect(text('change.diff')).toBe(diff);
    expect(notes).toEqual(['Lines of incident.json that may hold a secret (token) were left out.']);
  });

  it('is no summary without front matter that names an incident', () => {
    for (const text of ['', '# A page', '---\ntitle: x\n---\n', '---\n: [\n---\n']) {
      expect(parseSummary(text)).toBeUndefined();
    }
  });
});
