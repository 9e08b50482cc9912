import type { FactValues } from '../../incident/analysis';
import type { Match, Refinement } from '../playbook';
import type { Container, ProbeKind } from '../read/picture';

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

/** So many restarts are no accident. */
const often = 3;

/**
 * A refused readiness probe of a container that ends again and again without being killed only
 * shows that nothing listens between its starts: readiness never restarts anything. Where the
 * liveness probe has it killed, that it is not ready either is the smaller half.
 */
export function readiness(match: Match): Refinement {
  const refined = withProbe('readiness')(match);
  const { picture, line } = match;
  const asked = picture.pods.filter(
    (pod) => picture.pods.length === 1 || line.text.includes(pod.name),
  );
  const echo =
    /connection refused/i.test(line.message) &&
    asked.some((pod) => pod.containers.some(endsByItself));
  const killed = picture.events.some(({ message }) => killedByLiveness.test(message));
  return echo || killed ? { ...refined, role: 'symptom', weight: 0.3 } : refined;
}

const killedByLiveness = /failed liveness probe, will be restarted/i;

/** The exit codes of programs that somebody stopped or killed. */
const stopped: ReadonlySet<number> = new Set([0, 137, 143]);

function endsByItself({ lastState, restarts }: Container): boolean {
  const code = lastState?.exitCode?.value;
  return code !== undefined && !stopped.has(code) && (restarts?.value ?? 0) >= often;
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
