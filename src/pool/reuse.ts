import { createHash } from 'node:crypto';

import { WarRoomError } from '../base/errors';
import type { RuntimeName, ServerRequest } from './serverSpec';

/** Which server of the pool a request may be given. */
export interface Reuse {
  /** Equal for those that may share one server. */
  key: string;
  /** Equal for those that a server which nobody has used yet would do for. */
  freshKey: string;
  /** True when nobody may use the server after this request. */
  isSingleUse: boolean;
}

/** What a server is wished for: the request, and which servers would do. */
export interface Wish {
  request: ServerRequest;
  reuse: Reuse;
}

/**
 * @param incident whose servers with state may be reused; null for none
 * @param once told apart from every other request
 */
export function reuseOf(request: ServerRequest, incident: string | null, once: string): Reuse {
  const freshKey = freshKeyOf(request);
  if (request.spec.state === 'none') return { key: freshKey, freshKey, isSingleUse: false };
  return incident === null
    ? { key: `${freshKey} once ${once}`, freshKey, isSingleUse: true }
    : { key: keyOfIncident(freshKey, incident), freshKey, isSingleUse: false };
}

/** The key of a server that keeps something of an incident. */
export function keyOfIncident(freshKey: string, incident: string): string {
  return `${freshKey} incident ${incident}`;
}

/** A hash: what it is made of holds secrets. */
function freshKeyOf(request: ServerRequest): string {
  const { spec, environment, place } = request;
  const entries = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  const hosts = [...spec.hosts].sort();
  const program = Object.entries(spec.program).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [program, spec.args, spec.state, entries, hosts, place, runtimeOf(request)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Where a server runs. A program that did not come with War Room runs as a process, unsandboxed,
 * only when the request says so itself.
 * @throws code `leave-needed` for a command of the person's own that was not asked for as a process
 */
export function runtimeOf({ spec, runtime }: ServerRequest): RuntimeName {
  const { kind } = spec.program;
  if (kind === 'command' && runtime !== 'process') {
    throw new WarRoomError(
      'leave-needed',
      `The ${spec.name} server is a command of this machine that runs unsandboxed, as you: allow it to run as a process first.`,
    );
  }
  if (runtime !== 'auto') return runtime;
  return kind === 'bundled' ? 'process' : 'docker';
}
