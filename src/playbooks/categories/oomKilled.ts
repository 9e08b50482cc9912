import type { FactValues } from '../../incident/analysis';
import { askDescribe, askPreviousLogs, describePod, place, podName, who } from '../commands';
import {
  fact,
  symptom,
  type Finding,
  type Match,
  type Playbook,
  type Refinement,
} from '../playbook';
import { seen } from '../inspected';
import type { Container, Picture, Pod } from '../read/picture';
import type { Reading } from '../read/reading';

/** After this many days without a further restart a kill is history. */
const longAgo = 86_400;

const denied = /OOM[ -]?killed["']?\s*[:=]\s*"?(?:false|0|no)\b/i;

/** A function that used all of its memory was killed where its runtime ended on a signal. */
function usedItAll({ groups, before, after }: Match): Refinement | null {
  const killed = [...before, ...after].some(({ message }) => /signal: killed/i.test(message));
  return killed && groups.size === groups.used ? {} : null;
}

/** Gunicorn guesses at memory also where it killed the worker itself, for being slow. */
function guessed({ lines }: Reading): Finding[] {
  const slow = new Set(lines.map(({ message }) => timedOut.exec(message)?.[1]));
  const died = lines.find(({ message }) => {
    const pid = message.includes('Perhaps out of memory') && sentKill.exec(message)?.[1];
    return pid && !slow.has(pid);
  });
  const isStopped = lines.some(
    ({ message, order }) => died && order < died.order && stopped.test(message),
  );
  if (!died || isStopped) return [];
  const { source, number: line, text, order } = died;
  const guess = seen(
    'oom-killed',
    'guess',
    { source, line, text },
    { role: 'symptom', weight: 0.6 },
  );
  return [{ ...guess, order }];
}

const timedOut = /^.{0,80}WORKER TIMEOUT \(pid:(\d+)/;
const stopped = /Handling signal: (?:term|int|quit)/;
const sentKill = /\(pid:(\d+)\) was sent SIGKILL/;

export const oomKilled: Playbook = {
  category: 'oom-killed',
  layer: 'origin',
  severity: 'critical',
  signals: [
    // YARN, Slurm, and AWS Lambda's report of a function that used all it has
    fact(/\bContainer killed .{0,40}for exceeding (?:physical )?memory limits/i),
    fact(/\bExit(?:ed with)? status \d+ \(out of memory\)/i),
    fact(/Detected \d+ oom[-_ ]kill events?/i),
    fact(/Memory Size: (?<size>\d+) MB\s+Max Memory Used: (?<used>\d+) MB/i, {
      refine: usedItAll,
    }),
    fact(/Memory cgroup out of memory: Kill(?:ed)? process \d+ \((?<program>[^)]+)\)/i),
    fact(/oom-kill:constraint=CONSTRAINT_MEMCG/i),
    fact(/(?:^|\] |: )Out of memory: Kill(?:ed)? process \d+/i, { facts: { killedByNode: true } }),
    fact(/oom-kill:constraint=CONSTRAINT_NONE/i, { facts: { killedByNode: true } }),
    fact(/invoked oom-killer/i, { weight: 0.7 }),
    fact(/(?:has|have) been killed by the OOM killer/i),
    fact(/Failed with result ['"]?oom-kill/i),
    fact(/\bcontainer oom [0-9a-f]{12,}/i),
    fact(/System OOM encountered, victim process/i, {
      calm: true,
      facts: { killedByNode: true },
    }),
    fact(/Memory limit (?:of|reached)[^.]*container (?:was )?killed/i),
    fact(/\bOOMKilled\b/i, { unless: denied, weight: 0.8, only: 'platform' }),
    fact(
      /\breason\\?["']?\s*[:=]\s*\\?["']?OOMKilled\b|\bOOMKilled\\?["']?\s*[:=]\s*["']?true\b/i,
      {
        weight: 0.8,
        only: 'log',
      },
    ),
    // People and programs also talk of it: a rule, a ticket, a comment.
    symptom(/\bOOMKilled\b/i, { unless: denied, only: 'log' }),
    fact(/OutOfMemoryError: Container killed due to memory usage/i),
    fact(/\bOOM killed\b/i, { unless: denied }),
    fact(/\bOOM-killed\b/i, { unless: denied, only: 'platform' }),
    fact(/\b(?:was|were|been|got|is|container|process|pod|task) OOM-killed\b/i, { only: 'log' }),
    symptom(/\bOOM-killed\b/i, { unless: denied, only: 'log' }),
    fact(
      /Memory limit of [\d.]+ ?[KMG]i?B? exceeded with|Exceeded (?:soft |hard )?memory limit of/i,
    ),
    fact(/Error R15 \(Memory quota vastly exceeded\)|exceeded its memory (?:limit|quota)/i),
    fact(
      /Memory (?:Size|limit): \d+ MB\s+Max Memory Used: \d+ MB.*(?:signal: killed|OutOfMemory)/i,
    ),
    symptom(/was sent SIGKILL! Perhaps out of memory/i, { weight: 0.45 }),
    symptom(/\bsignal: killed\b|terminated by (?:signal 9|SIGKILL)|exited on signal 9/i),
    symptom(/exit(?:ed)?(?: with)?(?: code| status)?[ =:]+137\b|exitCode=137\b/i, { weight: 0.2 }),
    symptom(
      /memory (?:usage )?(?:is )?(?:at |above |over )?(?:9\d|100)(?:\.\d+)?% of (?:the )?limit/i,
      {
        weight: 0.25,
      },
    ),
    // systemd-oomd, which tells it at level info
    fact(/\bKilled \S+\.(?:service|slice|scope) due to memory (?:used|pressure)/i, { calm: true }),
    // YARN, and the watchers that kill before the kernel does
    fact(/is running beyond (?:physical|virtual) memory limits/i),
    fact(/\bearlyoom\b[^\n]{0,40}(?:sending SIG(?:TERM|KILL)|low memory)/i),
    // Cloud Functions, cAdvisor, the kernel
    fact(/\bfinished with status: 'error: memory limit exceeded'/i, { calm: true }),
    fact(/\bCreated an OOM event in container "\/\w/i, { calm: true }),
    fact(/\boom_reaper: reaped process \d+ \((?<program>[^)]{1,80})\)/i),
  ],
  extract: [/memory: usage (?<memoryPeakKilobytes>\d+)kB, limit (?<memoryLimitKilobytes>\d+)kB/i],
  inspect: (picture, reading) => [
    ...guessed(reading),
    ...picture.pods.flatMap((pod) =>
      pod.containers.flatMap((container) => killed(pod, container, picture)),
    ),
    ...picture.groupKills.map((kills) => finding('cgroup', 0.85, kills.citation, {}, null)),
  ],
  keywords: ['memory', 'oom', 'kubernetes'],
  summary: (situation) => {
    const { memoryLimit, killedByNode, container, memoryLeak } = situation.facts;
    const victim =
      container && container !== situation.app
        ? `${who(situation)} (container ${container})`
        : who(situation);
    if (killedByNode)
      return `The kernel killed ${victim} because the node itself ran out of memory.`;
    const limit = memoryLimit ? ` of ${memoryLimit}` : '';
    const leak = memoryLeak
      ? ' Memory climbs after every start, which points at a leak: a higher limit only buys time.'
      : '';
    return `${victim} used more memory than its limit${limit} allows and was killed (OOMKilled).${leak}`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the reason of the last termination and the memory limit'),
    ...askPreviousLogs(situation, 'shows what the program did before it was killed'),
  ],
  collect: (situation) => [
    describePod(situation),
    `kubectl top pod ${podName(situation)}${place(situation)} --containers`,
    'journalctl -k --since "1 hour ago" | grep -i -E "oom|killed process"',
  ],
  advice: (situation) => ({
    summary: situation.facts.killedByNode
      ? 'The node ran out of memory: find what uses it, and give this workload a request that matches its use.'
      : 'Raise the memory limit and request of the container, or lower what the program uses.',
    commands: [
      { title: 'See the limit and the last termination', command: describePod(situation) },
      {
        title: 'See what the containers use now',
        command: `kubectl top pod ${podName(situation)}${place(situation)} --containers`,
      },
    ],
  }),
};

function finding(
  key: string,
  weight: number,
  citation: Finding['citation'],
  facts: Finding['facts'],
  app: string | null,
): Finding {
  return {
    category: 'oom-killed',
    key: `oom-killed:${key}`,
    role: 'fact',
    weight,
    citation,
    facts,
    mechanism: null,
    app,
    order: 0,
  };
}

function killed(pod: Pod, container: Container, picture: Picture): Finding[] {
  if ((container.restartedAgo ?? 0) > longAgo && pod.ready?.value === true) return [];
  for (const state of [container.state, container.lastState]) {
    if (state?.reason?.value !== 'OOMKilled') continue;
    const logGoesOn =
      state === container.lastState &&
      state.finishedAt !== null &&
      isHistory(container, state.finishedAt, picture);
    if (logGoesOn) continue;
    return [finding('reason', 0.95, state.reason.citation, factsOf(pod, container), pod.app)];
  }
  return [];
}

/** The container has run on for a day since: events of it have expired, the log goes on. */
function isHistory(container: Container, finishedAt: number, picture: Picture): boolean {
  const now = picture.latest;
  return container.state?.kind === 'running' && now !== null && now - finishedAt > longAgo * 1000;
}

function factsOf(pod: Pod, container: Container): Partial<FactValues> {
  return { container: container.name, pod: pod.name, exitCode: 137, reason: 'OOMKilled' };
}
