import { expect, test } from 'vitest';

import { monitorModel } from '../../../../src/editor/pool/monitorModel';
import type { PoolStatus } from '../../../../src/pool/status';
import { english } from './english';
import { fullStatus, guideStatus, noEngineStatus, pool, pressureStatus } from './statuses';

const mebibyte = 1024 * 1024;

function modelOf(status: PoolStatus | null, trails = new Map<string, number[]>()) {
  return monitorModel({ status, titles: new Map(), trails, language: 'en' }, english);
}

test('memory is shown in total and of each server, against budget, threshold and limit', () => {
  const { memory, servers, pressure } = modelOf(guideStatus);
  expect(memory?.ours).toMatchObject({
    text: '300 MB of 1 GB',
    percentText: '29%',
    threshold: 0.8,
    thresholdText: 'threshold 80%',
    isOver: false,
  });
  expect(memory?.machine?.text).toBe('5.1 GB of 8 GB');
  expect(memory?.sample).toBe('sampled 2 s ago');
  expect(servers.map((card) => card.memory?.text)).toEqual([
    '100 MB of 200 MB',
    '200 MB of 256 MB',
  ]);
  expect(servers.map((card) => card.memory?.share)).toEqual([0.5, 200 / 256]);
  expect(pressure).toBeNull();
});

test('over the threshold it says so, and what happens', () => {
  const { memory, pressure } = modelOf(pressureStatus);
  expect(memory?.ours.isOver).toBe(true);
  expect(pressure).toBe('Memory is over 80%: idle servers are stopped, the longest idle first.');
});

test('a measure that is not told is not shown as zero', () => {
  const { memory, engine } = modelOf(noEngineStatus);
  expect(memory?.machine).toBeNull();
  expect(memory?.sample).toBe('not sampled yet');
  expect(engine.state).toBe('unavailable');
  expect(engine.text).toContain('start Docker');
});

test('the last samples are shares of the same whole as the bars', () => {
  const trails = new Map([
    ['', [512 * mebibyte, 256 * mebibyte]],
    ['1', [50 * mebibyte, 100 * mebibyte]],
  ]);
  const { memory, servers } = modelOf(guideStatus, trails);
  expect(memory?.trail).toEqual([0.5, 0.25]);
  expect(servers[0]?.trail).toEqual([0.25, 0.5]);
  expect(servers[1]?.trail).toEqual([]);
});

test('history is newest first, each line with a key of its own', () => {
  const twice = { ...guideStatus, history: [...guideStatus.history, ...guideStatus.history] };
  const { history } = modelOf(twice);
  expect(history[0]).toMatchObject({ name: 'docker', kindText: 'started' });
  expect(new Set(history.map(({ key }) => key)).size).toBe(6);
  // A later event does not change the keys of those before.
  const { history: shorter } = modelOf(guideStatus);
  expect(history.map(({ key }) => key)).toEqual(
    expect.arrayContaining(shorter.map(({ key }) => key)),
  );
});

test('counts and who waits stand in the headline', () => {
  expect(modelOf(fullStatus).headline).toBe('5 of 10 servers · 2 idle · 1 waiting');
  expect(modelOf(null).headline).toBe('No server runs.');
  expect(modelOf(pool({})).headline).toBe('No server runs.');
});

test('what is pinned has no time at which it stops', () => {
  const card = modelOf(fullStatus).servers.find(({ name }) => name === 'kubectl');
  expect(card).toMatchObject({ pinned: true, facts: ['up 3 h 20 min'] });
});

test('only incidents can be opened from a card', () => {
  const [, docker] = modelOf(guideStatus).servers;
  expect(docker?.holders).toEqual([
    { text: 'incident-20261121100000', incident: 'incident-20261121100000' },
  ]);
});

test('what images use on disk is told once it is known', () => {
  expect(modelOf(fullStatus).engine.images).toBe('Images of servers: 1.5 GB');
  expect(modelOf(guideStatus).engine.images).toBeNull();
});
