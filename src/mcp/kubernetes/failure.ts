import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';
import type { Place } from './kubeconfig';

const apiError = z.object({ code: z.number(), body: z.unknown() });
const systemError = z.object({ code: z.string() });

/** What every failed request to a cluster becomes: one sentence that says what to do. */
export function clusterFailure(error: unknown, place: Place, server: string): ToolError {
  if (error instanceof ToolError) return error;
  const answered = apiError.safeParse(error);
  const sentence = answered.success
    ? refused(answered.data.code, statusMessage(answered.data.body), place)
    : unreachable(error, place, server);
  return new ToolError(sentence, { cause: error });
}

/** The status that the API server answered with; undefined where no answer came. */
export function answeredStatus(error: unknown): number | undefined {
  return apiError.safeParse(error).data?.code;
}

/** True if the API server said that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return answeredStatus(error) === 404;
}

function refused(code: number, message: string, place: Place): string {
  const where = `The cluster of context ${place.context}`;
  if (code === 401) {
    return `${where} does not accept the credentials of the kubeconfig: sign in again.`;
  }
  if (code === 403) {
    const denied = /cannot (\S+) resource "([^"]+)"(?:.* in the namespace "([^"]+)")?/.exec(
      message,
    );
    const [, verb, resource, namespace] = denied ?? [];
    if (verb && resource) {
      const scope = namespace ? `in namespace ${namespace}` : 'in the whole cluster';
      const role = namespace ? `Role in ${namespace}` : 'ClusterRole';
      return `This account may not ${verb} ${resource} ${scope} of context ${place.context}: ask for a ${role} with the verb "${verb}" on "${resource}".`;
    }
  }
  if (code === 410) {
    return `${where} no longer knows this page of the list, which is too old: ask again without "continue".`;
  }
  if (code === 429) return `${where} is asked too much at the moment: ask again in a minute.`;
  if (code === 404) {
    return `${message} in namespace ${place.namespace} of context ${place.context}: check name and namespace.`;
  }
  return `${where} answered with status ${code}: ${message || 'no reason given'}.`;
}

function unreachable(error: unknown, place: Place, server: string): string {
  const where = `The cluster of context ${place.context} at ${server}`;
  if (error instanceof Error && error.name === 'AbortError') {
    return `${where} did not answer within 10 s; check that it runs and can be reached from here.`;
  }
  return `${where} cannot be reached (${systemReason(error)}); check that it runs and that the kubeconfig is right.`;
}

/** Why there was no answer, as the system names it: `ECONNRESET`. */
export function systemReason(error: unknown): string {
  return systemError.safeParse(error).data?.code ?? messageOf(error);
}

/** The `message` of a Kubernetes Status, which comes parsed or as text. */
function statusMessage(body: unknown): string {
  const status = z.object({ message: z.string() });
  const direct = status.safeParse(body);
  if (direct.success) return direct.data.message;
  if (typeof body !== 'string') return '';
  try {
    return status.parse(JSON.parse(body)).message;
  } catch {
    return body.slice(0, 300);
  }
}
