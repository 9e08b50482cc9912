import type { Incident } from '../incident/incident';
import { argumentsText, oneLine, type LeaveAnswer, type LeaveRequest } from '../incident/leave';
import type { WarRoom } from '../warRoom';
import { ask } from './ask';

/** Asks at the terminal whether a program may start; where nobody can answer, it may not. */
export async function askLeave(request: LeaveRequest, signal: AbortSignal): Promise<LeaveAnswer> {
  const answer = await ask(`${leaveText(request)}\nStart it? [y]es, [a]lways, [N]o `, signal);
  if (/^a(lways)?$/i.test(answer)) return 'always';
  return /^y(es)?$/i.test(answer) ? 'once' : 'no';
}

/** Has the person answer for each server that waits; the diagnosis goes on with those allowed. */
export async function decideLeave(
  warRoom: WarRoom,
  incident: Incident,
  signal: AbortSignal,
): Promise<Incident> {
  if (incident.state !== 'awaiting-leave') return incident;
  const answers: Record<string, LeaveAnswer> = {};
  for (const request of incident.leave) {
    answers[request.server] = await askLeave(request, signal);
  }
  return await warRoom.answerLeave(incident.id, answers);
}

/** Everything that the person agrees to. */
export function leaveText(request: LeaveRequest): string {
  const { server, program, publisher, integrity, args, environment, network, minted } = request;
  const isProcess = request.runtime === 'process';
  const lines: readonly (readonly [string, string | null])[] = [
    ['Package', program],
    ['Command', request.command],
    ['Folder', request.folder],
    ['Publisher', publisher],
    ['Integrity', integrity],
    ['Arguments', argumentsText(args) || null],
    ['Runs', isProcess ? 'unsandboxed, as you' : 'in a container'],
    ['Image', imageText(request)],
    ['Network', isProcess ? 'all that you can reach' : network.join(', ') || 'none'],
    ['Variables', environment.join(', ') || 'none'],
    ['Made for it', minted.join(', ') || null],
    ['Why', request.why || null],
  ];
  const told = lines.flatMap(([label, value]) =>
    value === null ? [] : [`  ${label}: ${oneLine(value)}`],
  );
  return [`The MCP server ${oneLine(server)} was never allowed to start here:`, ...told].join('\n');
}

function imageText({ program, image }: LeaveRequest): string | null {
  if (image === null || image === program) return image;
  return `built on ${image} (or on this machine's own Node or Python where that cannot be pulled)`;
}
