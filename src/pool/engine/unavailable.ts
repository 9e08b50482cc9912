import { WarRoomError, messageOf } from '../../base/errors';
import { hasCode } from '../../base/privateFiles';
import type { EnginePlace } from './place';

/** What was tried before no engine was found. */
export interface EngineSearch {
  /** What named the only place; null when the usual places were looked at. */
  namedBy: string | null;
  failures: readonly { place: EnginePlace; error: unknown }[];
  /** Sockets that were looked for. */
  lookedAt: readonly string[];
}

const goesOn = 'what comes with War Room goes on without it';

/** One sentence for a person whose engine is not there. */
export function unavailable({ namedBy, failures, lookedAt }: EngineSearch): WarRoomError {
  // A socket that refuses us says more than one that nobody listens at any more.
  const told =
    failures.find(({ error }) => WarRoomError.is(error, 'engine-unavailable')) ??
    failures.find(({ error }) => hasCode(error, 'EACCES', 'EPERM')) ??
    failures[0];
  if (!told) {
    return new WarRoomError(
      'engine-unavailable',
      `No container engine was found (looked at ${lookedAt.slice(0, 3).join(', ')} and ${lookedAt.length - 3} more): start Docker, Podman or Colima, or set DOCKER_HOST; ${goesOn}.`,
    );
  }
  if (WarRoomError.is(told.error, 'engine-unavailable')) return told.error;
  const where = `The container engine at ${told.place.address}${namedBy ? `, named by ${namedBy},` : ''}`;
  return new WarRoomError(
    'engine-unavailable',
    `${where} ${reasonAndRemedy(told.error, namedBy)}; ${goesOn}.`,
    { cause: told.error },
  );
}

function reasonAndRemedy(error: unknown, namedBy: string | null): string {
  if (hasCode(error, 'EACCES', 'EPERM')) {
    return 'refuses this user (EACCES): join its group, for example with `sudo usermod -aG docker $USER`, and sign in again';
  }
  const other = namedBy === null ? 'set DOCKER_HOST' : `change ${namedBy}`;
  if (hasCode(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET')) {
    return `does not listen (${codeOf(error)}): start it, or ${other}`;
  }
  if (hasCode(error, 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT')) {
    return `cannot be reached (${codeOf(error)}): check the address and the network, or ${other}`;
  }
  if (WarRoomError.is(error, 'deadline')) {
    return `does not answer: restart it, or ${other}`;
  }
  return `cannot be used (${messageOf(error).trim()}): look at its own log, or ${other}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
