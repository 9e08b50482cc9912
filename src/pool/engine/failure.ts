import { hasCode } from '../../base/privateFiles';

/** True when the engine refused a request with this HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status;
}

/** True when an engine that was there no longer listens, or dropped the connection. */
export function isEngineLost(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT');
}
