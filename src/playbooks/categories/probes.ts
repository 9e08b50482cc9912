import type { FactValues } from '../../incident/analysis';
import type { Match, Refinement } from '../playbook';
import type { ProbeKind } from '../read/picture';

/** Adds what the described pod says of the probe. */
export function withProbe(kind: ProbeKind): (match: Match) => Refinement {
  return ({ picture, line, groups }) => {
    const pod = picture.pods.find((candidate) =>
      candidate.containers.some((it) => it.probes[kind]),
    );
    const container = pod?.containers.find((candidate) => candidate.probes[kind]);
    const probe = container?.probes[kind];
    const seen = /https?:\/\/[^/\s:]+:(\d+)(\/[^\s"?]*)?|dial tcp \S+:(\d+)/i.exec(line.message);
    const facts: Partial<FactValues> = { probe: kind };
    const set = <Name extends keyof FactValues>(
      name: Name,
      value: FactValues[Name] | null | undefined,
    ): void => {
      if (value !== null && value !== undefined) facts[name] = value;
    };
    set('probePort', probe?.port ?? (seen ? Number(seen[1] ?? seen[3]) : null));
    set('probePath', probe?.path ?? seen?.[2]);
    set('probeInitialDelaySeconds', probe?.initialDelaySeconds);
    set('probePeriodSeconds', probe?.periodSeconds);
    set('probeTimeoutSeconds', probe?.timeoutSeconds);
    set('probeFailureThreshold', probe?.failureThreshold);
    set('container', container?.name ?? groups.container);
    return { facts };
  };
}

/** How the probe failed, in words, from its message. */
export function probeOutcome(message: string): string {
  const code = /statuscode: (\d+)/i.exec(message)?.[1];
  if (code) return `it is answered with HTTP ${code}`;
  if (/connection refused/i.test(message)) return 'nothing listens on its port';
  if (/deadline exceeded|timeout|timed out/i.test(message)) return 'it gets no answer in time';
  if (/no such file|not found/i.test(message)) return 'its command cannot be run';
  return 'it gets no good answer';
}
