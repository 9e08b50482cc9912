import { messageOf } from '../../base/errors';
import { hasCode } from '../../base/privateFiles';

/** True when the engine refused a request with this HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status;
}

/** True when an engine that was there no longer listens, or dropped the connection. */
export function isEngineLost(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT');
}

/** What the engine said when it refused a request, without what dockerode adds. */
export function engineWords(error: unknown): string {
  const json = error instanceof Error && 'json' in error ? error.json : null;
  const said = json instanceof Object && 'message' in json ? json.message : null;
  return typeof said === 'string' ? said.trim() : messageOf(error).trim();
}
