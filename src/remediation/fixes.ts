import type { Category } from '../incident/category';
import { measuredRequestFixer } from './fixes/autoscaler';
import { commandFixer } from './fixes/command';
import { cpuFixer } from './fixes/cpu';
import { endpointFixer } from './fixes/endpoint';
import { envFixer } from './fixes/env';
import type { Fixer } from './fixes/fix';
import { graceFixer } from './fixes/grace';
import { heapFixer } from './fixes/heap';
import { imageFixer, missingTagFixer } from './fixes/image';
import { ingressFixer } from './fixes/ingress';
import { memoryFixer } from './fixes/memory';
import { credentialsFixer, pullSecretFixer, serviceAccountFixer } from './fixes/names';
import { poolFixer } from './fixes/pool';
import { probeFixer } from './fixes/probe';
import { quotaFixer } from './fixes/quota';
import { referenceFixer } from './fixes/reference';
import { replicasFixer } from './fixes/replicas';
import { requestFixer } from './fixes/requests';
import { securityFixer } from './fixes/security';
import { serviceFixer } from './fixes/service';
import { ephemeralFixer, storageClassFixer, volumeSizeFixer } from './fixes/storage';

/**
 * The categories that a values edit of their own can cure; for others a recent commit may be
 * reverted (`fixes/revert.ts`), and the rest ends in advice. `docs/fixes.md` says it of every one.
 */
export const fixes: Readonly<Partial<Record<Category, Fixer>>> = {
  'oom-killed': memoryFixer,
  'heap-exhausted': heapFixer,
  'cpu-throttled': cpuFixer,
  'liveness-failed': probeFixer('liveness'),
  'readiness-failed': probeFixer('readiness'),
  'startup-failed': probeFixer('startup'),
  'shutdown-timeout': graceFixer,
  'traffic-overload': replicasFixer,
  'autoscaler-failed': measuredRequestFixer,
  'unschedulable-resources': requestFixer,
  'quota-exceeded': quotaFixer,
  'image-not-found': missingTagFixer,
  'image-platform-mismatch': imageFixer,
  'version-incompatible': imageFixer,
  'dependency-missing': imageFixer,
  'regression-after-deploy': imageFixer,
  'image-unauthorized': pullSecretFixer,
  'image-pull-rate-limited': pullSecretFixer,
  'bad-command': commandFixer,
  'missing-env': envFixer,
  'missing-config-ref': referenceFixer,
  'volume-mount-failed': referenceFixer,
  'volume-unbound': storageClassFixer,
  'disk-full': volumeSizeFixer,
  'ephemeral-storage-evicted': ephemeralFixer,
  'no-endpoints': serviceFixer,
  'ingress-misconfigured': ingressFixer,
  'forbidden-rbac': serviceAccountFixer,
  'admission-denied': securityFixer,
  'database-connections-exhausted': poolFixer,
  'database-auth': credentialsFixer,
  unauthorized: credentialsFixer,
  'dns-failure': endpointFixer,
  'connection-refused': endpointFixer,
  'connection-timeout': endpointFixer,
  'database-unavailable': endpointFixer,
  'cache-unavailable': endpointFixer,
  'broker-unavailable': endpointFixer,
};
