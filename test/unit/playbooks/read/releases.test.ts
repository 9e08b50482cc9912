import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { regressionsIn } from '../../../../src/playbooks/read/releases';
import { evidence } from '../evidence';

const request = (second: number, status: number, rest = ''): string =>
  `2026-11-03T10:00:${String(second).padStart(2, '0')}Z GET /price ${status}${rest}`;
const requests = (from: number, status: number, rest = ''): string =>
  [0, 1, 2, 3].map((second) => request(from + second, status, rest)).join('\n');

const found = (...texts: string[]): ReturnType<typeof regressionsIn> =>
  regressionsIn(
    readEvidence(
      texts.map((text, at) => evidence(text, `${at}.log`)),
      null,
    ),
  );

describe('a release since which something fails', () => {
  it('is told by the deployer, in the same log or in another', () => {
    const deployed = '2026-11-03T10:00:10Z deploy: rolled out pricing 2.8.0 (was 2.7.4)';
    const [well, badly] = [requests(1, 200), requests(20, 500)];
    for (const texts of [[[well, deployed, badly].join('\n')], [`${well}\n${badly}`, deployed]]) {
      expect(found(...texts)[0]).toMatchObject({ app: 'pricing', change: { text: deployed } });
    }
  });

  it('is told by the version that each line states', () => {
    const [regression] = found(
      `${requests(1, 200, ' release=2.7.4')}\n${requests(20, 500, ' release=2.8.0')}`,
    );
    expect(regression?.change.text).toBe(request(20, 500, ' release=2.8.0'));
  });

  it('is the root cause where nothing deeper is proven', () => {
    const deployed = '2026-11-03T10:00:10Z switched shop to release 2026.47';
    const log = [requests(1, 200), deployed, requests(20, 500)];
    expect(analyse([evidence(log.join('\n'))]).category).toBe('regression-after-deploy');
    log.push('2026-11-03T10:00:30Z ERROR write /data/x: no space left on device');
    expect(analyse([evidence(log.join('\n'))]).category).toBe('disk-full');
  });

  it.each([
    ['without a release', [requests(1, 200), requests(20, 500)]],
    ['that failed before it', [requests(1, 500), 'deployed version 2.8.0', requests(20, 500)]],
    ['that works after it', [requests(1, 200), 'deployed version 2.8.0', requests(20, 200)]],
  ])('is none %s', (_, log) => {
    expect(found(log.join('\n'))).toEqual([]);
  });
});
