import { describe, expect, it } from 'vitest';

import { judgeRendering } from '../../../../src/remediation/helm/judge';
import { changedFields, objectsIn } from '../../../../src/remediation/helm/renderedChange';

const manifest = (web: string, proxy = '64Mi', more = '') => `---
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  template:
    metadata: { annotations: { checksum/config: "${web}" } }
    spec:
      containers:
        - name: web
          resources: { limits: { memory: ${web} } }
        - name: proxy
          resources: { limits: { memory: ${proxy} } }
${more}`;

const judge = (before: string, after: string, container: string | undefined = 'web') =>
  judgeRendering(objectsIn(before), objectsIn(after), container, []);

describe('judgeRendering', () => {
  it('accepts a change of the failing container, with the checksum that follows', () => {
    expect(judge(manifest('1Gi'), manifest('2Gi'))).toEqual({ kind: 'exact' });
  });

  it('refuses what changes nothing, another container, or another object beside', () => {
    expect(judge(manifest('1Gi'), manifest('1Gi')).kind).toBe('wrong');
    expect(judge(manifest('1Gi'), manifest('1Gi', '1Gi')).kind).toBe('wrong');
    const config = (size: string) =>
      `---\nkind: ConfigMap\nmetadata: { name: c }\ndata: { s: "${size}" }\n`;
    const verdict = judge(manifest('1Gi', '1Mi', config('1')), manifest('2Gi', '1Mi', config('2')));
    expect(verdict).toMatchObject({
      kind: 'wrong',
      why: expect.stringContaining('ConfigMap c: data.s') as string,
    });
  });

  it('accepts what is of no container', () => {
    const more = manifest('1Gi').replace('replicas: 1', 'replicas: 3');
    expect(judge(manifest('1Gi'), more)).toEqual({ kind: 'exact' });
  });

  it('does not say where the container is not there', () => {
    expect(judge(manifest('1Gi'), manifest('2Gi'), 'other').kind).toBe('unknown');
  });

  it('leaves out what templates make up each time', () => {
    const secret = (text: string) =>
      `---\nkind: Secret\nmetadata: { name: s }\ndata: { p: ${text} }\n`;
    const [one, two, three] = ['a', 'b', 'c'].map((text, at) =>
      objectsIn(manifest(at === 2 ? '2Gi' : '1Gi', '1Mi', secret(text))),
    );
    if (!one || !two || !three) throw new Error('Three renderings were made.');
    expect(judgeRendering(one, three, 'web', changedFields(one, two))).toEqual({ kind: 'exact' });
  });
});
