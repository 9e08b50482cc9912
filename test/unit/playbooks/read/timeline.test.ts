import { describe, expect, it } from 'vitest';
import { appOfObject } from '../../../../src/playbooks/read/picture';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { timeIn } from '../../../../src/playbooks/read/time';
import { evidence } from '../evidence';

const noon = Date.UTC(2026, 10, 21, 12, 0, 5);

describe('a stamp', () => {
  it.each([
    ['2026-11-21T12:00:05.000Z INFO ready', noon],
    ['2026-11-21 12:00:05,250 ERROR worker', noon + 250],
    ['{"level":50,"time":"2026-11-21T13:00:05+01:00","msg":"x"}', noon],
    ['2026/11/21 12:00:05 [error] 7#7: *1 connect() failed', noon],
    ['10.0.0.9 - - [21/Nov/2026:14:00:05 +0200] "GET / HTTP/1.1" 502', noon],
    ['      Finished:     Sat, 21 Nov 2026 12:00:05 +0000', noon],
    ['1:M 21 Nov 2026 12:00:05.100 * Ready to accept connections', noon + 100],
    ['{"level":50,"time":1795262405000,"msg":"x"}', noon],
    ['{"ts":1795262405.25,"msg":"x"}', noon + 250],
    ['Nov 21 12:00:05 node-1 kubelet[812]: E1121 …', noon],
    ['E1121 12:00:05.000000       1 reflector.go:147] failed', noon],
  ])('is read on one scale: %s', (text, time) => {
    expect(timeIn(text, noon + 1000)).toBe(time);
  });

  it('without a year is of the year before where it would lie ahead', () => {
    const newYear = Date.UTC(2027, 0, 1, 0, 1);
    expect(timeIn('Dec 31 23:59:00 node-1 kernel: x', newYear)).toBe(
      Date.UTC(2026, 11, 31, 23, 59),
    );
    expect(timeIn('Dec 31 23:59:00 node-1 kernel: x')).toBeNull();
  });

  it.each(['12:00:05 INFO no day', 'version 2026.11.21', 'order 1795262405 paid'])(
    'is none: %s',
    (text) => {
      expect(timeIn(text, noon)).toBeNull();
    },
  );
});

const described = evidence(
  `
Name:             search-55c6497556-p2s6f
Namespace:        search-prod
Node:             node-1/10.244.255.1
Status:           Running
Containers:
  search:
    State:          Running
      Started:      Sat, 21 Nov 2026 11:41:45 +0000
    Last State:     Terminated
      Reason:       Error
      Exit Code:    137
      Started:      Sat, 21 Nov 2026 11:41:20 +0000
      Finished:     Sat, 21 Nov 2026 11:41:44 +0000
    Ready:          True
    Restart Count:  2
Events:           <none>`,
  'describe.txt',
);
const events = evidence(
  `
LAST SEEN   TYPE      REASON      OBJECT                        MESSAGE
3s          Normal    Started     pod/search-55c6497556-p2s6f   Started container search
9s          Warning   Unhealthy   pod/search-55c6497556-p2s6f   Liveness probe failed: timeout`,
  'events.txt',
);
const log = evidence(
  `
2026-11-21 11:41:38 ERROR indexing failed
java.lang.IllegalStateException: index
    at com.acme.Indexer.run(Indexer.java:12)`,
  'search.log',
);

describe('the timeline', () => {
  const reading = readEvidence([described, events, log], null);
  const at = (source: string, text: string): number | null => {
    const line = reading.lines.find((each) => each.source === source && each.text.includes(text));
    if (!line) throw new Error(`no line with ${text}`);
    const citation = { source, line: line.number, text: line.text };
    return reading.timeline.timeOf(citation, line.order);
  };

  it('places ages by the moment at which their source was printed', () => {
    expect(reading.timeline.printedAt('events.txt')).toBe(Date.UTC(2026, 10, 21, 11, 41, 48));
    expect(at('events.txt', 'Unhealthy')).toBe(Date.UTC(2026, 10, 21, 11, 41, 39));
  });

  it('gives the lines of a container state its end', () => {
    expect(at('describe.txt', 'Exit Code')).toBe(Date.UTC(2026, 10, 21, 11, 41, 44));
  });

  it('gives a stack frame the time of its message', () => {
    expect(at('search.log', 'Indexer.java')).toBe(Date.UTC(2026, 10, 21, 11, 41, 38));
  });

  it('takes the moment that a printed event states itself', () => {
    const object = `apiVersion: v1
kind: Event
lastTimestamp: "2026-11-21T11:30:00Z"
involvedObject:
  kind: Pod
  name: search-55c6497556-p2s6f
message: 'Liveness probe failed: timeout'
reason: Unhealthy
type: Warning`;
    const { picture, timeline } = readEvidence([evidence(object, 'event.yaml'), log], null);
    const [event] = picture.events;
    expect(event && timeline.timeOf(event.citation)).toBe(Date.UTC(2026, 10, 21, 11, 30));
  });
});

describe('the workload of an event', () => {
  it.each([
    ['pod/cart-6d4cf56db6-bcdfg', 'cart'],
    ['deployment/cart', 'cart'],
    ['node/worker-1', null],
    ['persistentvolumeclaim/data-db-0', null],
  ])('of %s is %s', (object, app) => {
    expect(appOfObject(object)).toBe(app);
  });
});
