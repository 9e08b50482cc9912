import type { Question } from '../incident/analysis';
import type { Situation } from './playbook';

/** ` -n shop`, with the context where it is known; empty when neither is. */
export function place({ facts }: Situation): string {
  const context = facts.context ? ` --context ${facts.context}` : '';
  return facts.namespace ? `${context} -n ${facts.namespace}` : context;
}

/** The pod's name, or a placeholder to fill in. */
export function podName({ facts }: Situation): string {
  return facts.pod ?? '<pod>';
}

/** The application in a sentence. */
export function who({ app }: Situation): string {
  return app ?? 'the program';
}

/** The application's name for a command, or a placeholder to fill in. */
export function appName({ app }: Situation): string {
  return app ?? '<app>';
}

/** `host:port` of the other side as far as it is known, else the words given. */
export function peerAt({ facts }: Situation, otherwise: string): string {
  const { host, port } = facts;
  if (host) return port ? `${host}:${port}` : host;
  return port ? `port ${port}` : otherwise;
}

/** What runs, behind which name, and who serves it. */
export const servedBy = (situation: Situation): string =>
  `kubectl get pods,services,endpoints${place(situation)}`;

export const describePod = (situation: Situation): string =>
  `kubectl describe pod ${podName(situation)}${place(situation)}`;

export const previousLogs = (situation: Situation): string =>
  `kubectl logs ${podName(situation)}${place(situation)} --previous --tail=200`;

export const currentLogs = (situation: Situation): string =>
  `kubectl logs ${podName(situation)}${place(situation)} --tail=200`;

export const recentEvents = (situation: Situation): string =>
  `kubectl get events${place(situation)} --sort-by=.lastTimestamp`;

/** Where a call of the kubectl server looks. */
function scope({ facts }: Situation): Record<string, string> {
  return {
    ...(facts.context ? { context: facts.context } : {}),
    ...(facts.namespace ? { namespace: facts.namespace } : {}),
  };
}

export function askDescribe(situation: Situation, why: string): Question[] {
  return situation.facts.pod
    ? [
        {
          server: 'kubectl',
          tool: 'describe_pod',
          arguments: { pod_name: situation.facts.pod, ...scope(situation) },
          why,
        },
      ]
    : askPods(situation, why);
}

export function askPods(situation: Situation, why: string): Question[] {
  return [{ server: 'kubectl', tool: 'list_pods', arguments: scope(situation), why }];
}

export function askEvents(situation: Situation, why: string): Question[] {
  return [{ server: 'kubectl', tool: 'get_events', arguments: scope(situation), why }];
}

export function askPreviousLogs(situation: Situation, why: string): Question[] {
  return situation.facts.pod
    ? [
        {
          server: 'kubectl',
          tool: 'get_pod_logs',
          arguments: { pod_name: situation.facts.pod, previous: true, ...scope(situation) },
          why,
        },
      ]
    : askServiceLogs(situation, why);
}

export function askServiceLogs(situation: Situation, why: string, service?: string): Question[] {
  const name = service ?? situation.app;
  return name
    ? [
        {
          server: 'logs',
          tool: 'get_service_logs',
          arguments: { service: name, ...scope(situation) },
          why,
        },
      ]
    : [];
}

export function askHealth(situation: Situation, why: string, service?: string): Question[] {
  const name = service ?? situation.app;
  return name
    ? [{ server: 'stats', tool: 'check_health', arguments: { service_name: name }, why }]
    : [];
}
