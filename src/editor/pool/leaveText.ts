import { argumentsText, oneLine, type LeaveRequest } from '../../incident/leave';
import type { Translate } from './texts';

/** The question whether a program may start: a sentence, and what there is to know of it. */
export function leaveText(
  request: LeaveRequest,
  t: Translate,
): { message: string; detail: string } {
  const { server, why, program, command, folder, args, publisher, environment, minted } = request;
  const facts: readonly (readonly [string, string])[] = [
    [t('Program'), program],
    ...(command === null ? [] : [[t('Command'), command] as const]),
    ...(folder === null ? [] : [[t('Folder'), folder] as const]),
    ...(args.length > 0 ? [[t('Arguments'), argumentsText(args)] as const] : []),
    [t('Publisher'), publisher ?? t('not known')],
    ...checksumFact(request, t),
    [t('Runs'), runsText(request, t)],
    ...imageFact(request, t),
    [t('Network'), networkText(request, t)],
    [t('Environment'), environment.length > 0 ? environment.join(', ') : t('no variables')],
    ...(minted.length > 0 ? [[t('Made for it'), minted.join(', ')] as const] : []),
  ];
  return {
    message: t('Start the MCP server {0}?', oneLine(server)),
    detail: [
      ...(why ? [oneLine(why), ''] : []),
      ...facts.map(([label, value]) => `${label}: ${oneLine(value)}`),
      '',
      t('"Always Allow" holds for exactly this; if any of it changes, you are asked again.'),
    ].join('\n'),
  };
}

function runsText({ runtime }: LeaveRequest, t: Translate): string {
  switch (runtime) {
    case 'process':
      return t('unsandboxed, as you: it can do what you can do on this machine');
    case 'docker':
      return t('in a container without rights on this machine');
    case 'kubernetes':
      return t('in a Pod of your cluster');
  }
}

/** A process is not compared with its checksum, so none is promised. */
function checksumFact(
  { runtime, integrity }: LeaveRequest,
  t: Translate,
): (readonly [string, string])[] {
  return runtime === 'process' ? [] : [[t('Checksum'), integrity ?? t('none')]];
}

function imageFact({ program, image }: LeaveRequest, t: Translate): (readonly [string, string])[] {
  if (image === null) return [];
  // Of an image of others, the program is the image.
  const isOwn = image === program;
  const base = t(
    "built on {0} (or on this machine's own Node or Python where that cannot be pulled)",
    image,
  );
  return [[t('Image'), isOwn ? image : base]];
}

function networkText({ runtime, network }: LeaveRequest, t: Translate): string {
  if (runtime === 'process') return t('all that you can reach');
  const hosts = network.map((host) =>
    host.replace(/^\$\{(\w+)\}$/, (_, name: string) => addressIn(name, t)),
  );
  return hosts.length > 0 ? hosts.join(', ') : t('none');
}

function addressIn(variable: string, t: Translate): string {
  return t('the address in {0}', variable);
}
