import type { EvidenceText } from '../../incident/evidence';
import type { Picture } from './picture';

const event = /^\S+ container (die|oom|start|kill|health_status: \w+) [0-9a-f]{12,64} \((.*)\)\s*$/;

/** Adds the container events of `docker events`. */
export function readDockerEvents(text: EvidenceText, picture: Picture): void {
  for (const line of text.lines) {
    if (line.text.length >= 4000 || !line.text.includes(' container ')) continue;
    const match = event.exec(line.text);
    if (!match) continue;
    const attributes = match[2] ?? '';
    const name = /(?:^|, )name=([\w.-]+)/.exec(attributes)?.[1];
    picture.events.push({
      type: isWarning(match[1] ?? '', attributes) ? 'Warning' : 'Normal',
      reason: match[1] ?? '',
      object: name ? `container/${name}` : null,
      namespace: null,
      message: messageOf(attributes),
      age: null,
      count: 1,
      citation: { source: text.source, line: line.number, text: line.text },
      over: false,
    });
  }
}

function messageOf(attributes: string): string {
  const signal = /(?:^|, )signal=(\w+)/.exec(attributes)?.[1];
  return signal
    ? `signal ${signal}`
    : `exit code ${/exitCode=(\d+)/.exec(attributes)?.[1] ?? 'unknown'}`;
}

function isWarning(action: string, attributes: string): boolean {
  return action === 'die' ? !/exitCode=0\b/.test(attributes) : /^oom$|unhealthy/.test(action);
}
