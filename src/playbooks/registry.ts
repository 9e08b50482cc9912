import type { Playbook } from './playbook';
import { badCommand } from './categories/badCommand';
import { brokerPartitioned } from './categories/brokerPartitioned';
import { brokerUnavailable } from './categories/brokerUnavailable';
import { cacheUnavailable } from './categories/cacheUnavailable';
import { connectionRefused } from './categories/connectionRefused';
import { connectionReset } from './categories/connectionReset';
import { connectionTimeout } from './categories/connectionTimeout';
import { consumerLag } from './categories/consumerLag';
import { cpuThrottled } from './categories/cpuThrottled';
import { crashLoop } from './categories/crashLoop';
import { databaseAuth } from './categories/databaseAuth';
import { databaseConnectionsExhausted } from './categories/databaseConnectionsExhausted';
import { databaseDeadlock } from './categories/databaseDeadlock';
import { databaseLocked } from './categories/databaseLocked';
import { databaseSlowQuery } from './categories/databaseSlowQuery';
import { databaseUnavailable } from './categories/databaseUnavailable';
import { dependencyMissing } from './categories/dependencyMissing';
import { diskFull } from './categories/diskFull';
import { dnsFailure } from './categories/dnsFailure';
import { dockerUnreachable } from './categories/dockerUnreachable';
import { ephemeralStorageEvicted } from './categories/ephemeralStorageEvicted';
import { fdExhausted } from './categories/fdExhausted';
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
import { migrationFailed } from './categories/migrationFailed';
import { missingConfigRef } from './categories/missingConfigRef';
import { missingEnv } from './categories/missingEnv';
import { nodeDiskPressure } from './categories/nodeDiskPressure';
import { nodeMemoryPressure } from './categories/nodeMemoryPressure';
import { nodeNotReady } from './categories/nodeNotReady';
import { nodePidPressure } from './categories/nodePidPressure';
import { oomKilled } from './categories/oomKilled';
import { permissionDenied } from './categories/permissionDenied';
import { podPreempted } from './categories/podPreempted';
import { portExhausted } from './categories/portExhausted';
import { portInUse } from './categories/portInUse';
import { quotaExceeded } from './categories/quotaExceeded';
import { rateLimited } from './categories/rateLimited';
import { readinessFailed } from './categories/readinessFailed';
import { readOnlyFilesystem } from './categories/readOnlyFilesystem';
import { sandboxFailed } from './categories/sandboxFailed';
import { segfault } from './categories/segfault';
import { stackOverflow } from './categories/stackOverflow';
import { threadExhausted } from './categories/threadExhausted';
import { tlsExpired } from './categories/tlsExpired';
import { tlsNameMismatch } from './categories/tlsNameMismatch';
import { tlsUntrusted } from './categories/tlsUntrusted';
import { trafficOverload } from './categories/trafficOverload';
import { unauthorized } from './categories/unauthorized';
import { unhandledException } from './categories/unhandledException';
import { unschedulableConstraints } from './categories/unschedulableConstraints';
import { unschedulableResources } from './categories/unschedulableResources';
import { upstream5xx } from './categories/upstream5xx';
import { versionIncompatible } from './categories/versionIncompatible';
import { volumeAttachConflict } from './categories/volumeAttachConflict';
import { volumeMountFailed } from './categories/volumeMountFailed';
import { volumeUnbound } from './categories/volumeUnbound';

/** Every playbook. A new category is one file and one line here; the order means nothing. */
export const playbooks: readonly Playbook[] = [
  badCommand,
  brokerPartitioned,
  brokerUnavailable,
  cacheUnavailable,
  connectionRefused,
  connectionReset,
  connectionTimeout,
  consumerLag,
  cpuThrottled,
  crashLoop,
  databaseAuth,
  databaseConnectionsExhausted,
  databaseDeadlock,
  databaseLocked,
  databaseSlowQuery,
  databaseUnavailable,
  dependencyMissing,
  diskFull,
  dnsFailure,
  dockerUnreachable,
  ephemeralStorageEvicted,
  fdExhausted,
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
  migrationFailed,
  missingConfigRef,
  missingEnv,
  nodeDiskPressure,
  nodeMemoryPressure,
  nodeNotReady,
  nodePidPressure,
  oomKilled,
  permissionDenied,
  podPreempted,
  portExhausted,
  portInUse,
  quotaExceeded,
  rateLimited,
  readinessFailed,
  readOnlyFilesystem,
  sandboxFailed,
  segfault,
  stackOverflow,
  threadExhausted,
  tlsExpired,
  tlsNameMismatch,
  tlsUntrusted,
  trafficOverload,
  unauthorized,
  unhandledException,
  unschedulableConstraints,
  unschedulableResources,
  upstream5xx,
  versionIncompatible,
  volumeAttachConflict,
  volumeMountFailed,
  volumeUnbound,
];
