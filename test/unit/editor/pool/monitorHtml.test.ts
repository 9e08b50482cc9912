import { expect, test } from 'vitest';

import { monitorHtml } from '../../../../src/editor/pool/monitorHtml';

const html = monitorHtml({
  script: 'https://file/poolMonitor.js',
  style: 'https://file/poolMonitor.style.css',
  cspSource: 'https://file',
  nonce: 'abc',
  language: 'ko',
  title: 'War Room Pool',
});

test('nothing but the page’s own script and style may be loaded', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  expect(policy).toBe(
    "default-src 'none'; style-src https://file 'nonce-abc'; script-src 'nonce-abc';",
  );
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/ style="|<style| on\w+="/);
});
