import { describe, expect, it } from 'vitest';

import { commitMessage, namesIncident, withTrailer } from '../../../src/history/message';
import { newIncident } from '../../../src/store/draft';

const id = 'incident-20261121110000';
const incident = newIncident(
  {
    trigger: 'a log',
    repository: null,
    root: '',
    place: { context: null, namespace: null, application: null, valuesFile: null },
    fingerprint: 'f',
    category: 'oom-killed',
  },
  id,
  '2026-11-21T11:00:00.000Z',
);

describe('commitMessage', () => {
  it('leaves out what is not known, and keeps a line a line', () => {
    expect(commitMessage(incident, 'Sam\nEvil: yes <sam@example.com>')).toBe(
      [
        `fix: change the values (${id})`,
        '',
        `Incident-Id: ${id}`,
        'Incident-Category: oom-killed',
        'Approved-By: Sam Evil: yes <sam@example.com>',
        '',
      ].join('\n'),
    );
  });

  it('does not end a sentence within a number or a version', () => {
    const rootCause = {
      summary: 'Version 11.2.0 needs 1.5Gi. It has less! Nobody knew.',
      confidence: 1,
      mechanism: null,
      evidence: [],
      changes: [],
    };
    const message = commitMessage({ ...incident, rootCause }, 'Sam <sam@example.com>');
    expect(message.split('\n\n')[1]).toBe('Version 11.2.0 needs 1.5Gi. It has less!');
  });
});

describe('the trailer', () => {
  it('names one incident and not the next of the same second', () => {
    const message = commitMessage({ ...incident, id: `${id}-2` }, 'Sam <sam@example.com>');
    expect(namesIncident(message, `${id}-2`)).toBe(true);
    expect(namesIncident(message, id)).toBe(false);
  });

  it('comes back when a hook cut it away', () => {
    expect(withTrailer('Short\n', id)).toBe(`Short\n\nIncident-Id: ${id}\n`);
    expect(withTrailer(`Short\n\nIncident-Id: ${id}\n`, id)).toBe(`Short\n\nIncident-Id: ${id}\n`);
  });
});
