import type { Playbook } from './playbook';
import { admissionDenied } from './categories/admissionDenied';
import { applicationHung } from './categories/applicationHung';
import { autoscalerFailed } from './categories/autoscalerFailed';
import { badCommand } from './categories/badCommand';
import { brokerPartitioned } from './categories/brokerPartitioned';
import { brokerUnavailable } from './categories/brokerUnavailable';
import { cacheUnavailable } from './categories/cacheUnavailable';
import { connectionRefused } from './categories/connectionRefused';
import { connectionReset } from './categories/connectionReset';
import { connectionTimeout } from './categories/connectionTimeout';
import { consumerLag } from './categories/consumerLag';
import { controlPlaneUnavailable } from './categories/controlPlaneUnavailable';
import { cpuThrottled } from './categories/cpuThrottled';
import { crashLoop } from './categories/crashLoop';
import { databaseAuth } from './categories/databaseAuth';
import { databaseConnectionsExhausted } from './categories/databaseConnectionsExhausted';
import { databaseDeadlock } from './categories/databaseDeadlock';
import { databaseLocked } from './categories/databaseLocked';
import { databaseSlowQuery } from './categories/databaseSlowQuery';
import { databaseUnavailable } from './categories/databaseUnavailable';
import { dependencyMissing } from './categories/dependencyMissing';
import { deploySyncFailed } from './categories/deploySyncFailed';
import { diskFull } from './categories/diskFull';
import { dnsFailure } from './categories/dnsFailure';
import { dockerUnreachable } from './categories/dockerUnreachable';
import { ephemeralStorageEvicted } from './categories/ephemeralStorageEvicted';
import { exitedNormally } from './categories/exitedNormally';
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
import { ingressMisconfigured } from './categories/ingressMisconfigured';
import { invalidConfig } from './categories/invalidConfig';
import { jobDeadlineExceeded } from './categories/jobDeadlineExceeded';
import { livenessFailed } from './categories/livenessFailed';
import { migrationFailed } from './categories/migrationFailed';
import { missingConfigRef } from './categories/missingConfigRef';
import { missingEnv } from './categories/missingEnv';
import { networkPolicyBlocked } from './categories/networkPolicyBlocked';
import { noEndpoints } from './categories/noEndpoints';
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
import { readOnlyFilesystem } from './categories/readOnlyFilesystem';
import { readinessFailed } from './categories/readinessFailed';
import { regressionAfterDeploy } from './categories/regressionAfterDeploy';
import { rolloutBlocked } from './categories/rolloutBlocked';
import { sandboxFailed } from './categories/sandboxFailed';
import { segfault } from './categories/segfault';
import { shutdownTimeout } from './categories/shutdownTimeout';
import { stackOverflow } from './categories/stackOverflow';
import { startupFailed } from './categories/startupFailed';
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
import { webhookUnavailable } from './categories/webhookUnavailable';

/** Every playbook. A new category is one file and one line here; the order means nothing. */
export const playbooks: readonly Playbook[] = [
  admissionDenied,
  applicationHung,
  autoscalerFailed,
  badCommand,
  brokerPartitioned,
  brokerUnavailable,
  cacheUnavailable,
  connectionRefused,
  connectionReset,
  connectionTimeout,
  consumerLag,
  controlPlaneUnavailable,
  cpuThrottled,
  crashLoop,
  databaseAuth,
  databaseConnectionsExhausted,
  databaseDeadlock,
  databaseLocked,
  databaseSlowQuery,
  databaseUnavailable,
  dependencyMissing,
  deploySyncFailed,
  diskFull,
  dnsFailure,
  dockerUnreachable,
  ephemeralStorageEvicted,
  exitedNormally,
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
  ingressMisconfigured,
  invalidConfig,
  jobDeadlineExceeded,
  livenessFailed,
  migrationFailed,
  missingConfigRef,
  missingEnv,
  networkPolicyBlocked,
  noEndpoints,
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
  readOnlyFilesystem,
  readinessFailed,
  regressionAfterDeploy,
  rolloutBlocked,
  sandboxFailed,
  segfault,
  shutdownTimeout,
  stackOverflow,
  startupFailed,
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
  webhookUnavailable,
];
