import { seen } from '../inspected';
import type { Finding } from '../playbook';
import type { LogLine } from '../read/logLine';

/** What waits in a queue, as a program counts it now and then. */
const counted =
  /\b(?:queue|topic|stream|worker)\b[^\n]{0,120}?\b(?:waiting|pending|queued|backlog|depth|lag)["']?[=:] ?(\d{1,12})\b/i;
const queueName = /\b(?:queue|topic|stream)["']?[ =:]+["']?([\w.-]{1,80})/i;

/** So many looks show where it goes, and so much more than at first is no passing wave. */
const enoughLooks = 5;
const enoughGrowth = 3;
const enoughWaiting = 100;

/** Queues that grow from one look to the next, while nothing fails. */
export function risingBacklogs(lines: readonly LogLine[]): Finding[] {
  const looks = new Map<string, { waiting: number; line: LogLine }[]>();
  for (const line of lines) {
    const text = line.kind === 'log' ? line.text.slice(0, 1000) : '';
    const digits = counted.exec(text)?.[1];
    if (digits === undefined) continue;
    const key = `${line.source} ${line.writer ?? ''} ${queueName.exec(text)?.[1] ?? ''}`;
    const own = looks.get(key) ?? [];
    own.push({ waiting: Number(digits), line });
    looks.set(key, own);
  }
  return [...looks].flatMap(([key, each]) => {
    const last = each.at(-1);
    if (!last || !rises(each.map(({ waiting }) => waiting))) return [];
    const { source, number, text } = last.line;
    return [
      seen(
        'consumer-lag',
        `rising ${key}`,
        { source, line: number, text },
        {
          weight: 0.7,
          facts: { lag: last.waiting },
        },
      ),
    ];
  });
}

function rises(waiting: readonly number[]): boolean {
  const [first = 0, last = 0] = [waiting[0], waiting.at(-1)];
  return (
    waiting.length >= enoughLooks &&
    waiting.every((count, at) => count >= (waiting[at - 1] ?? 0)) &&
    last >= enoughWaiting &&
    last >= first * enoughGrowth
  );
}
