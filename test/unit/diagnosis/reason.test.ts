import { describe, expect, it } from 'vitest';

import { reasonLine } from '../../../src/diagnosis/steps/reason';

describe('Why something could not be checked', () => {
  it('is one line without secrets and control characters', () => {
    const said = 'It failed.\r\n\u001b[31mpostgres://app:S3cretPw!@db/prod\u001b[0m\n\n\u202eover';
    const line = reasonLine(said);
    expect(line).not.toContain('S3cretPw');
    expect(line).toMatch(/^It failed\. postgres:\/\/\S*\[masked [^\]]+\]\S*\/prod over$/);
  });

  it('masks a key that goes over several lines', () => {
    const body = 'MIIEowIBAAKCAQEA7bq3'.repeat(3);
    const line = reasonLine(
      `-----BEGIN RSA PRIVATE KEY-----\n${body}\n${body}\n-----END RSA PRIVATE KEY-----`,
    );
    expect(line).not.toContain('MIIEow');
  });

  it('keeps the start and the end of what is long', () => {
    const line = reasonLine(`The server ended. ${'at a\n'.repeat(1_000_000)}It had no memory.`);
    expect(line.length).toBeLessThan(510);
    expect(line).toMatch(/^The server ended\. .* … .*It had no memory\.$/);
  });

  it('stays as it is where it is short', () => {
    const sentence = 'redis was not asked, since REDIS_PASSWORD is not set: give the value.';
    expect(reasonLine(sentence)).toBe(sentence);
  });
});
