import { expect, test } from 'vitest';

import { statusItemText } from '../../../../src/editor/pool/statusItemText';
import { english } from './english';
import { guideStatus, pool, pressureStatus, server } from './statuses';

test('count and memory, with each server and both measures in the tooltip', () => {
  const item = statusItemText(guideStatus, english);
  expect(item.text).toBe('$(server) 2 · 300 MB');
  expect(item.label).toBe('War Room Pool, 2 of 10 servers, 300 MB');
  expect(item.isOver).toBe(false);
  expect(item.tooltip).toContain('| postgres | idle | 100 MB | stops in 15 min |');
  expect(item.tooltip).toContain('| docker | leased | 200 MB |  |');
  expect(item.tooltip).toContain('Memory of the servers: 300 MB of 1 GB (29%)');
  expect(item.tooltip).toContain('Memory of the machine: 5.1 GB of 8 GB (64%)');
});

test('it warns at the threshold, in words too', () => {
  const item = statusItemText(pressureStatus, english);
  expect(item).toMatchObject({ isOver: true, text: '$(warning) 2 · 870 MB' });
  expect(item.label).toContain('memory pressure');
});

test('memory that is not known is left out', () => {
  const status = pool({ servers: [server({ server: 'kubectl', memoryBytes: null })] });
  const { text } = statusItemText({ ...status, memoryBytes: null }, english);
  expect(text).toBe('$(server) 1');
});

test('nothing in the name of a server becomes markup', () => {
  const name = '[x](command:evil) $(bug) | <b>';
  const { tooltip } = statusItemText(pool({ servers: [server({ server: name })] }), english);
  expect(tooltip).toContain('\\[x\\]\\(command\\:evil\\) \\$\\(bug\\) \\| \\<b\\>');
});
