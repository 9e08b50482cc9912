import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { evidence } from '../evidence';

const groups = `
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                    HOST
bills           orders          0          120031          991210          871179          bills-1-ab12-0ff5-407d-bf50-d9 /10.4.0.12
bills           orders          1          118120          988123          870003          -                              -`;
const queues = `
Listing queues for vhost / ...
name\tmessages_ready\tmessages_unacknowledged\tconsumers
mails\t81233\t250\t0
invoices\t0\t0\t2`;

describe('tables of what waits at a broker', () => {
  it.each([
    [groups, { topic: 'orders', group: 'bills', waiting: 871179, consumed: true }],
    [queues, { topic: 'mails', group: null, waiting: 81233, consumed: false }],
    [
      '| name  | messages |\n| mails | 4100     |',
      { topic: 'mails', group: null, waiting: 4100, consumed: null },
    ],
  ])('are read: %s', (text, first) => {
    const [backlog] = readEvidence([evidence(text)], null).picture.backlogs;
    expect(backlog).toMatchObject(first);
  });

  it('show who lags behind, and by how much', () => {
    const { category, facts } = analyse([evidence(groups)]);
    expect(category).toBe('consumer-lag');
    expect(facts.consumerGroup?.value).toBe('bills');
    expect(facts.lag?.value).toBe(871179);
  });

  it('are no other tables', () => {
    const other =
      'NAME                       READY   STATUS    RESTARTS   AGE\nweb-1   1/1   Running   0   9d';
    expect(readEvidence([evidence(other)], null).picture.backlogs).toEqual([]);
  });
});
