import type { Incident } from '../incident/incident';

/** Names of the trailers, in the order in which they are written. */
export const trailers = {
  id: 'Incident-Id',
  category: 'Incident-Category',
  severity: 'Incident-Severity',
  approvedBy: 'Approved-By',
  feedback: 'Feedback',
} as const;

const width = 72;

/**
 * The message of an incident's commit: subject, root cause in two sentences, trailers.
 * @param approvedBy `Name <email>`
 */
export function commitMessage(incident: Incident, approvedBy: string): string {
  const scope = incident.app === null ? '' : `(${oneLine(incident.app)})`;
  const what = oneLine(incident.proposal?.title ?? 'change the values');
  const subject = `fix${scope}: ${what} (${incident.id})`;
  const body = wrapped(sentences(oneLine(incident.rootCause?.summary ?? ''), 2));
  return joined([subject, body, trailersOf(incident, approvedBy)]);
}

/**
 * The message of the commit that takes an incident's fix back. git and the hosts know a revert by
 * its second line.
 * @param commit the whole name of the commit that is taken back
 * @param by `Name <email>`
 */
export function revertMessage(
  incident: Incident,
  commit: string,
  by: string,
  reason: string,
): string {
  const scope = incident.app === null ? '' : `(${oneLine(incident.app)})`;
  const what = oneLine(incident.proposal?.title ?? 'change the values');
  return joined([
    `revert${scope}: ${what} (${incident.id})`,
    `This reverts commit ${commit}.`,
    wrapped(oneLine(reason)),
    trailersOf(incident, by, 'negative'),
  ]);
}

/** The message of the commit that records how an incident ended; it approves nothing. */
export function outcomeMessage(incident: Incident, status: string): string {
  const scope = incident.app === null ? '' : `(${oneLine(incident.app)})`;
  const helped = status === 'resolved' || status === 'reported';
  return joined([
    `docs${scope}: incident ${status} (${incident.id})`,
    wrapped(oneLine(incident.rollout?.verdict?.summary ?? '')),
    trailersOf(incident, null, helped ? null : 'negative'),
  ]);
}

function trailersOf(
  incident: Incident,
  approvedBy: string | null,
  feedback: string | null = null,
): string {
  const facts: [string, string | null][] = [
    [trailers.id, incident.id],
    [trailers.category, incident.category],
    [trailers.severity, incident.severity],
    [trailers.approvedBy, approvedBy === null ? null : oneLine(approvedBy)],
    [trailers.feedback, feedback],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])).join('\n');
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n') + '\n';
}

/** True if the message carries the trailer of this incident. */
export function namesIncident(message: string, id: string): boolean {
  return message.split('\n').some((line) => line.trim() === `${trailers.id}: ${id}`);
}

/** The message with the incident's trailer, which a hook may have cut away. */
export function withTrailer(message: string, id: string): string {
  return namesIncident(message, id) ? message : `${message.trimEnd()}\n\n${trailers.id}: ${id}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function sentences(text: string, count: number): string {
  const parts = text.match(/.+?(?:[.!?](?=\s|$)|$)/g) ?? [];
  return parts.slice(0, count).join('').trim();
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.join('\n');
}
