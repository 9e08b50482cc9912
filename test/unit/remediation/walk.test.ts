import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock';
import { walk } from '../../../src/remediation/find/walk';

it('finds the values of helm-values however many charts stand before them', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'walk-'));
  const write = (file: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), 'a: 1\n');
  };
  for (let n = 0; n < 30; n++) write(`charts/chart-${n}/values.yaml`);
  write('helm-values/grafana/values.yaml');
  const limits = { clock: systemClock, until: Infinity, entries: 40 };
  const { files, complete } = await walk(root, limits, new AbortController().signal);
  expect(complete).toBe(false);
  expect(files).toContain('helm-values/grafana/values.yaml');
});
