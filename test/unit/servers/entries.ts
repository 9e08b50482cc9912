import type { Program } from '../../../src/incident/program';
import type { CatalogueEntry, Variable } from '../../../src/catalog/entry';
import { adHocEntry, noOptions } from '../../../src/servers/adHoc';

export const never = new AbortController().signal;

/** A server that wants these variables. */
export function entryWith(...environment: readonly Variable[]): CatalogueEntry {
  const program: Program = {
    kind: 'npm',
    package: '@example/server',
    version: '1.2.3',
    integrity: 'sha512-abc',
    bin: null,
  };
  return { ...adHocEntry(program, 'example', noOptions), environment };
}

/** A cluster that nobody asks, with one context. */
export const kubeconfig = `apiVersion: v1
kind: Config
current-context: sample
clusters:
  - name: sample
    cluster: { server: 'https://cluster.example:6443' }
users:
  - name: sample
    user: { token: sample-token }
contexts:
  - name: sample
    context: { cluster: sample, user: sample }
`;
