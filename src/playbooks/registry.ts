import type { Playbook } from './playbook';
import { badCommand } from './categories/badCommand';
import { cacheUnavailable } from './categories/cacheUnavailable';
import { connectionRefused } from './categories/connectionRefused';
import { connectionReset } from './categories/connectionReset';
import { connectionTimeout } from './categories/connectionTimeout';
import { cpuThrottled } from './categories/cpuThrottled';
import { crashLoop } from './categories/crashLoop';
import { databaseAuth } from './categories/databaseAuth';
import { databaseConnectionsExhausted } from './categories/databaseConnectionsExhausted';
import { databaseDeadlock } from './categories/databaseDeadlock';
import { databaseLocked } from './categories/databaseLocked';
import { databaseUnavailable } from './categories/databaseUnavailable';
import { dependencyMissing } from './categories/dependencyMissing';
import { diskFull } from './categories/diskFull';
import { dnsFailure } from './categories/dnsFailure';
import { dockerUnreachable } from './categories/dockerUnreachable';
import { ephemeralStorageEvicted } from './categories/ephemeralStorageEvicted';
import { forbidden } from './categories/forbidden';
import { forbiddenRbac } from './categories/forbiddenRbac';
import { heapExhausted } from './categories/heapExhausted';
import { imageNotFound } from './categories/imageNotFound';
import { imagePlatformMismatch } from './categories/imagePlatformMismatch';
import { imagePullRateLimited } from './categories/imagePullRateLimited';
import { imagePullTimeout } from './categories/imagePullTimeout';
import { imageRegistryUnreachable } from './categories/imageRegistryUnreachable';
import { imageUnauthorized } from './categories/imageUnauthorized';
import { jobDeadlineExceeded } from './categories/jobDeadlineExceeded';
import { livenessFailed } from './categories/livenessFailed';
import { missingConfigRef } from './categories/missingConfigRef';
import { missingEnv } from './categories/missingEnv';
import { nodeDiskPressure } from './categories/nodeDiskPressure';
import { nodeMemoryPressure } from './categories/nodeMemoryPressure';
import { nodeNotReady } from './categories/nodeNotReady';
import { nodePidPressure } from './categories/nodePidPressure';
import { oomKilled } from './categories/oomKilled';
import { permissionDenied } from './categories/permissionDenied';
import { podPreempted } from './categories/podPreempted';
import { portInUse } from './categories/portInUse';
import { quotaExceeded } from './categories/quotaExceeded';
import { readinessFailed } from './categories/readinessFailed';
import { readOnlyFilesystem } from './categories/readOnlyFilesystem';
import { sandboxFailed } from './categories/sandboxFailed';
import { tlsExpired } from './categories/tlsExpired';
import { tlsNameMismatch } from './categories/tlsNameMismatch';
import { tlsUntrusted } from './categories/tlsUntrusted';
import { unauthorized } from './categories/unauthorized';
import { unhandledException } from './categories/unhandledException';
import { unschedulableConstraints } from './categories/unschedulableConstraints';
import { unschedulableResources } from './categories/unschedulableResources';
import { upstream5xx } from './categories/upstream5xx';
import { volumeAttachConflict } from './categories/volumeAttachConflict';
import { volumeMountFailed } from './categories/volumeMountFailed';
import { volumeUnbound } from './categories/volumeUnbound';

/** Every playbook. A new category is one file and one line here; the order means nothing. */
export const playbooks: readonly Playbook[] = [
  badCommand,
  cacheUnavailable,
  connectionRefused,
  connectionReset,
  connectionTimeout,
  cpuThrottled,
  crashLoop,
  databaseAuth,
  databaseConnectionsExhausted,
  databaseDeadlock,
  databaseLocked,
  databaseUnavailable,
  dependencyMissing,
  diskFull,
  dnsFailure,
  dockerUnreachable,
  ephemeralStorageEvicted,
  forbidden,
  forbiddenRbac,
  heapExhausted,
  imageNotFound,
  imagePlatformMismatch,
  imagePullRateLimited,
  imagePullTimeout,
  imageRegistryUnreachable,
  imageUnauthorized,
  jobDeadlineExceeded,
  livenessFailed,
  missingConfigRef,
  missingEnv,
  nodeDiskPressure,
  nodeMemoryPressure,
  nodeNotReady,
  nodePidPressure,
  oomKilled,
  permissionDenied,
  podPreempted,
  portInUse,
  quotaExceeded,
  readinessFailed,
  readOnlyFilesystem,
  sandboxFailed,
  tlsExpired,
  tlsNameMismatch,
  tlsUntrusted,
  unauthorized,
  unhandledException,
  unschedulableConstraints,
  unschedulableResources,
  upstream5xx,
  volumeAttachConflict,
  volumeMountFailed,
  volumeUnbound,
];
