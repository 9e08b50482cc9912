import { posix } from 'node:path';

import type { FileIndex } from './walk';

/** Programs that write manifests or values: what they write is never edited here. */
const programs: readonly { pattern: RegExp; name: string }[] = [
  { pattern: /\.(?:jsonnet|libsonnet)$/, name: 'jsonnet' },
  { pattern: /^cdk8s\.ya?ml$/, name: 'cdk8s' },
  { pattern: /^Pulumi\.ya?ml$/, name: 'Pulumi' },
  { pattern: /\.tf$/, name: 'Terraform' },
];

/** A sentence for each program of the repository that War Room cannot edit for. */
export function unsupported({ files }: FileIndex): string[] {
  return programs.flatMap(({ pattern, name }) => {
    const found = files.find((path) => pattern.test(posix.basename(path)));
    return found === undefined
      ? []
      : [`${found} is ${name}'s: where it sets the value, change it there by hand`];
  });
}
