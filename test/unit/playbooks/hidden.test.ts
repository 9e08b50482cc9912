import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

const stamped = (second: number, text: string): string => `2026-11-21T10:00:0${second}Z ${text}`;
const healthy = (second: number): string => stamped(second, 'INFO orders: GET /health 200');
const deadlock = (second: number): string =>
  stamped(second, 'WARN orders: order 17 not saved: deadlock detected');
const hung = 'WARN orders: event loop blocked for 45000 ms';
const sold = (second: number): string => stamped(second, 'INFO orders: order 18 saved');

describe('what looks harmless and is a failure all the same', () => {
  it.each([
    // The field behind it counts something else, or is an address.
    [
      'disk-full',
      'INFO orders started\nINFO orders ready\nWARN write /data/x: no space left on device free=0',
    ],
    [
      'disk-full',
      'INFO orders ready\nINFO connected\nWARN write /data/x: no space left on device free=0',
    ],
    [
      'database-connections-exhausted',
      'INFO orders ready\nINFO connected\nWARN HikariPool-1 connection pool exhausted idle=0',
    ],
    ['port-in-use', 'INFO orders ready\nWARN orders: address already in use addr=0.0.0.0:8080'],
    ['port-in-use', 'INFO orders ready\nWARN orders: address already in use: 0.0.0.0:8080'],
    [
      'rate-limited',
      'ERROR orders: rate limit exceeded remaining=0 limit=100\nERROR orders: rate limit exceeded remaining=0 limit=100',
    ],
    // Health checks are no work, what was lost stays lost, and what comes again is not over.
    [
      'database-deadlock',
      [deadlock(0), deadlock(1), deadlock(2), healthy(3), healthy(4), healthy(5)].join('\n'),
    ],
    ['database-deadlock', [deadlock(0), sold(3), sold(4), sold(5)].join('\n')],
    ['application-hung', [stamped(0, hung), healthy(3), healthy(4), healthy(5)].join('\n')],
    [
      'application-hung',
      [stamped(0, hung), stamped(1, hung), sold(3), sold(4), sold(5)].join('\n'),
    ],
    // A web server listens in almost the words of sshd, or in the very same.
    ...['3000', '3000.'].map((port) => [
      'unauthorized',
      `Server listening on 0.0.0.0 port ${port}\n${'GET /health 200\nError: charge failed: 401 Unauthorized\n'.repeat(3)}`,
    ]),
    [
      'connection-reset',
      `Server listening on localhost port 3000\norders ready\n${'Error: read ECONNRESET\n'.repeat(3)}`,
    ],
    // Programs ask too, behind what they say.
    ['cache-unavailable', 'connect to redis at cache:6379: connection refused, is it running?'],
    ['cache-unavailable', 'connect to redis at cache:6379: connection refused. Is it running?'],
  ])('%s: %s', (category, text) => {
    expect(analyse([evidence(text)]).category).toBe(category);
  });
});

describe('what is only asked', () => {
  it.each([
    'ann: what does "connect ECONNREFUSED 10.0.0.5:5432" mean?',
    'All is well again. Why do we see "no space left on device" in the old log?',
  ])('is no incident: %s', (text) => {
    expect(analyse([evidence(text)]).verdict).not.toBe('incident');
  });
});

const exports = (minutes: number): string =>
  [0, 1, 2]
    .map((at) => new Date(Date.UTC(2026, 10, 21, 10, at * minutes)).toISOString())
    .flatMap((stamp) => [
      `${stamp} INFO Starting nightly export`,
      `${stamp} INFO Exported 120 orders to s3`,
    ])
    .join('\n');

describe('three starts', () => {
  it('an hour apart are the rounds of a task', () => {
    expect(analyse([evidence(exports(60))]).verdict).toBe('no-incident');
  });
  it('within minutes are trouble', () => {
    expect(analyse([evidence(exports(1))]).verdict).toBe('insufficient-evidence');
  });
});

const well = `NAME                      READY   STATUS    RESTARTS   AGE
orders-7d9c5b8f6d-x2x9z   1/1     Running   0          5d`;
const described = `Name:             orders-7d9c5b8f6d-x2x9z
Namespace:        shop
Status:           Running
Containers:
  orders:
    State:          Running
    Ready:          True
    Restart Count:  0
Events:             <none>`;
const died = `Error: Cannot find module 'express'
Require stack:
- /app/server.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1140:15)`;

describe('a pod that is well', () => {
  it.each([
    ['in a table', [`${well}\n\n${died}`]],
    ['in a description', [`${described}\n\n${died}`]],
    ['in a text of its own', [well, died]],
  ])('%s makes no health of a program that died', (_, texts) => {
    const { verdict, hypotheses } = analyse(texts.map((text) => evidence(text)));
    expect(verdict).toBe('insufficient-evidence');
    expect(hypotheses[0]?.category).toBe('dependency-missing');
  });
});

describe('alerts', () => {
  const line = (state: string, name: string) => `level=info state=${state} alertname=${name}`;
  it('that fire are trouble until each is resolved', () => {
    const both = [line('firing', 'A'), line('firing', 'B'), line('resolved', 'A')];
    const verdictOf = (lines: readonly string[]) => analyse([evidence(lines.join('\n'))]).verdict;
    expect(verdictOf(both)).toBe('insufficient-evidence');
    expect(verdictOf([...both, line('resolved', 'B')])).toBe('no-incident');
  });
});
