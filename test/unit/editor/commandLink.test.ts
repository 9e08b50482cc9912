import { expect, it } from 'vitest';

import { commandIds } from '../../../src/editor/commandIds';
import { commandLink } from '../../../src/editor/commandLink';

it('ends where it should, whatever a log line holds, and hands it over whole', () => {
  const given = ['id', { text: 'panic: f(x)) "now") [a](b)' }];
  const link = commandLink('log:7', commandIds.openCitation, given, 'Show the line');
  const found = /^\[log:7\]\(command:warRoom\.\w+\?([^() ]+) "Show the line"\)$/.exec(link);
  expect(JSON.parse(decodeURIComponent(found?.[1] ?? 'null'))).toEqual(given);
});
