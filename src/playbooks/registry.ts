import type { Playbook } from './playbook';
import { badCommand } from './categories/badCommand';
import { cacheUnavailable } from './categories/cacheUnavailable';
import { connectionRefused } from './categories/connectionRefused';
import { cpuThrottled } from './categories/cpuThrottled';
import { crashLoop } from './categories/crashLoop';
import { databaseUnavailable } from './categories/databaseUnavailable';
import { dependencyMissing } from './categories/dependencyMissing';
import { diskFull } from './categories/diskFull';
import { dnsFailure } from './categories/dnsFailure';
import { dockerUnreachable } from './categories/dockerUnreachable';
import { forbiddenRbac } from './categories/forbiddenRbac';
import { heapExhausted } from './categories/heapExhausted';
import { imageNotFound } from './categories/imageNotFound';
import { imageUnauthorized } from './categories/imageUnauthorized';
import { livenessFailed } from './categories/livenessFailed';
import { missingConfigRef } from './categories/missingConfigRef';
import { missingEnv } from './categories/missingEnv';
import { oomKilled } from './categories/oomKilled';
import { permissionDenied } from './categories/permissionDenied';
import { portInUse } from './categories/portInUse';
import { readinessFailed } from './categories/readinessFailed';
import { readOnlyFilesystem } from './categories/readOnlyFilesystem';
import { unhandledException } from './categories/unhandledException';
import { unschedulableConstraints } from './categories/unschedulableConstraints';
import { unschedulableResources } from './categories/unschedulableResources';
import { volumeUnbound } from './categories/volumeUnbound';

/** Every playbook. A new category is one file and one line here; the order means nothing. */
export const playbooks: readonly Playbook[] = [
  badCommand,
  cacheUnavailable,
  connectionRefused,
  cpuThrottled,
  crashLoop,
  databaseUnavailable,
  dependencyMissing,
  diskFull,
  dnsFailure,
  dockerUnreachable,
  forbiddenRbac,
  heapExhausted,
  imageNotFound,
  imageUnauthorized,
  livenessFailed,
  missingConfigRef,
  missingEnv,
  oomKilled,
  permissionDenied,
  portInUse,
  readinessFailed,
  readOnlyFilesystem,
  unhandledException,
  unschedulableConstraints,
  unschedulableResources,
  volumeUnbound,
];
