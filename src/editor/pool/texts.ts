import type { ServerState, ServerStatus } from '../../pool/status';

/** Puts a text into the person's language and fills in `{0}` …; `vscode.l10n.t` is one. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

/** "96 MB", "1.5 GB". */
export function memoryText(bytes: number): string {
  if (bytes < gibibyte) return `${Math.round(bytes / mebibyte)} MB`;
  return `${Number((bytes / gibibyte).toFixed(1))} GB`;
}

/** "96 MB of 200 MB". */
export function memoryOfText(used: number, total: number, t: Translate): string {
  return t('{0} of {1}', memoryText(used), memoryText(total));
}

/** "under 1 min", "5 min", "3 h 20 min": nothing that would change all the time. */
export function durationText(ms: number, t: Translate): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t('under 1 min');
  if (minutes < 60) return t('{0} min', minutes);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** The age of a sample: "3 s", "2 min". */
export function sampleAgeText(ms: number, t: Translate): string {
  return ms < 60_000 ? t('{0} s', Math.floor(ms / 1000)) : durationText(ms, t);
}

export function stateText(state: ServerState, t: Translate): string {
  switch (state) {
    case 'starting':
      return t('starting');
    case 'idle':
      return t('idle');
    case 'leased':
      return t('leased');
    case 'stopping':
      return t('stopping');
  }
}

/** What is to be said of a server besides its name, the most telling first. */
export function serverFacts(server: ServerStatus, t: Translate): string[] {
  return [
    stateText(server.state, t),
    ...(server.pinned ? [t('pinned')] : []),
    ...(server.stopsInMs === null ? [] : [t('stops in {0}', durationText(server.stopsInMs, t))]),
    ...memoryFact(server, t),
    ...(server.state === 'idle' ? [t('idle for {0}', durationText(server.idleMs, t))] : []),
    ...(server.state === 'starting' ? [] : [t('up {0}', durationText(server.uptimeMs, t))]),
  ];
}

function memoryFact({ memoryBytes, memoryLimitBytes }: ServerStatus, t: Translate): string[] {
  if (memoryBytes === null) return [];
  return [
    memoryLimitBytes === null
      ? memoryText(memoryBytes)
      : memoryOfText(memoryBytes, memoryLimitBytes, t),
  ];
}

/** The first line: a failure's message may carry the last lines of the server's log. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
