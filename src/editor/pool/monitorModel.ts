import type { MemoryShare, PoolEvent, PoolStatus, ServerStatus } from '../../pool/status';
import type {
  HistoryLine,
  Labels,
  Meter,
  MonitorModel,
  ServerCard,
} from '../../../webview/poolMonitor/protocol';
import { isIncidentId, lastFailures } from './serverNodes';
import {
  durationText,
  memoryOfText,
  memoryText,
  sampleAgeText,
  stateText,
  type Translate,
} from './texts';

/** What the model is made of besides the status. */
export interface MonitorInput {
  /** Null while this window has had no pool. */
  status: PoolStatus | null;
  /** Titles of incidents by their id, as far as they are known. */
  titles: ReadonlyMap<string, string>;
  /** Used memory in bytes over the last samples by server id, newest last; `''` is the sum. */
  trails: ReadonlyMap<string, readonly number[]>;
  /** BCP 47. */
  language: string;
}

/** The pool as its monitor shows it. */
export function monitorModel(
  { status, titles, trails, language }: MonitorInput,
  t: Translate,
): MonitorModel {
  const empty = { labels: labels(t), language, servers: [], failed: [], history: [] };
  if (!status) {
    return {
      ...empty,
      headline: t('No server runs.'),
      memory: null,
      pressure: null,
      engine: { state: 'unknown', text: '', images: null },
    };
  }
  const { pressure, engine, imagesBytes } = status;
  return {
    ...empty,
    headline: headline(status, t),
    memory: {
      ours: shareMeter(pressure.ours, pressure.thresholdPercent, t),
      trail: shares(trails.get(''), pressure.ours.totalBytes),
      machine: pressure.machine && shareMeter(pressure.machine, pressure.thresholdPercent, t),
      sample:
        pressure.ageMs === null
          ? t('not sampled yet')
          : t('sampled {0} ago', sampleAgeText(pressure.ageMs, t)),
    },
    pressure: pressure.isOver
      ? t(
          'Memory is over {0}%: idle servers are stopped, the longest idle first.',
          pressure.thresholdPercent,
        )
      : null,
    engine: {
      state: engine.state,
      text: engineText(engine, t),
      images: imagesBytes === null ? null : t('Images of servers: {0}', memoryText(imagesBytes)),
    },
    servers: status.servers.map((server) =>
      serverCard(server, { titles, trail: trails.get(server.id), pool: status }, t),
    ),
    failed: lastFailures(status).map(({ server, at, message }) => ({ name: server, at, message })),
    history: historyLines(status.history, t),
  };
}

function headline({ running, limit, idle, waiting }: PoolStatus, t: Translate): string {
  if (running === 0 && waiting === 0) return t('No server runs.');
  return [
    t('{0} of {1} servers', running, limit),
    ...(idle > 0 ? [t('{0} idle', idle)] : []),
    ...(waiting > 0 ? [t('{0} waiting', waiting)] : []),
  ].join(' · ');
}

function engineText({ state, message }: PoolStatus['engine'], t: Translate): string {
  if (message) return message;
  return state === 'ready' ? t('Containers can be started.') : t('Containers were not needed yet.');
}

function shareMeter(
  { usedBytes, totalBytes, percent }: MemoryShare,
  thresholdPercent: number,
  t: Translate,
): Meter {
  return {
    text: memoryOfText(usedBytes, totalBytes, t),
    share: percent / 100,
    threshold: thresholdPercent / 100,
    isOver: percent > thresholdPercent,
    percentText: `${Math.round(percent)}%`,
    thresholdText: t('threshold {0}%', thresholdPercent),
  };
}

function serverCard(
  server: ServerStatus,
  {
    titles,
    trail,
    pool,
  }: {
    titles: ReadonlyMap<string, string>;
    trail: readonly number[] | undefined;
    pool: PoolStatus;
  },
  t: Translate,
): ServerCard {
  const { id, state, pinned, memoryBytes, memoryLimitBytes } = server;
  const whole = memoryLimitBytes ?? pool.pressure.ours.totalBytes;
  return {
    id,
    name: server.server,
    state,
    stateText: stateText(state, t),
    pinned,
    pinnedText: t('pinned'),
    facts: [
      ...(server.stopsInMs === null ? [] : [t('stops in {0}', durationText(server.stopsInMs, t))]),
      ...(state === 'starting' ? [] : [t('up {0}', durationText(server.uptimeMs, t))]),
    ],
    memory: memoryBytes === null ? null : serverMeter(memoryBytes, memoryLimitBytes, whole, t),
    trail: shares(trail, whole),
    holders: server.holders.map((holder) => ({
      text: titles.get(holder) ?? holder,
      incident: isIncidentId(holder) ? holder : null,
    })),
    details: details(server, t),
  };
}

function serverMeter(used: number, limit: number | null, whole: number, t: Translate): Meter {
  const share = whole > 0 ? used / whole : 0;
  return {
    text: limit === null ? memoryText(used) : memoryOfText(used, limit, t),
    share,
    threshold: null,
    isOver: limit !== null && used >= limit,
    percentText: `${Math.round(share * 100)}%`,
    thresholdText: '',
  };
}

function details(server: ServerStatus, t: Translate): (readonly [string, string])[] {
  return [
    ...(server.name ? [[t('Name'), server.name] as const] : []),
    [t('Runs as'), runtimeText(server.runtime, t)],
    ...(server.state === 'idle' ? [[t('Idle for'), durationText(server.idleMs, t)] as const] : []),
    ...server.notApplied.map((limit) => [t('Not limited'), limit] as const),
  ];
}

function runtimeText(runtime: ServerStatus['runtime'], t: Translate): string {
  switch (runtime) {
    case 'process':
      return t('process');
    case 'docker':
      return t('container');
    case 'kubernetes':
      return t('Pod');
  }
}

function shares(trail: readonly number[] | undefined, whole: number): number[] {
  return whole > 0 ? (trail ?? []).map((bytes) => bytes / whole) : [];
}

function historyLines(history: readonly PoolEvent[], t: Translate): HistoryLine[] {
  const seen = new Map<string, number>();
  return history
    .map(({ at, kind, server, name, why }) => {
      // Several equal events of one moment are several lines.
      const same = `${at} ${name} ${kind}`;
      const count = (seen.get(same) ?? 0) + 1;
      seen.set(same, count);
      return { key: `${same} ${count}`, at, kind, name: server, kindText: kindText(kind, t), why };
    })
    .reverse();
}

function kindText(kind: PoolEvent['kind'], t: Translate): string {
  switch (kind) {
    case 'started':
      return t('started');
    case 'idle':
      return t('idle');
    case 'reused':
      return t('reused');
    case 'stopped':
      return t('stopped');
    case 'failed':
      return t('failed');
    case 'pressure':
      return t('memory pressure');
  }
}

function labels(t: Translate): Labels {
  return {
    memory: t('Memory of the servers'),
    machine: t('Memory of the machine'),
    machineUnknown: t('The engine does not tell how much memory its machine uses.'),
    servers: t('Servers'),
    noServers: t('Servers are started when an incident needs them, and stopped when idle.'),
    failed: t('Failed'),
    history: t('History'),
    noHistory: t('Nothing was started yet.'),
    showAll: t('Show all'),
    showFewer: t('Show fewer'),
    engine: t('Container engine'),
    settings: t('Pool Settings'),
    trail: t('Memory over the last samples'),
    actions: {
      stop: t('Stop'),
      restart: t('Restart'),
      pin: t('Pin'),
      unpin: t('Unpin'),
      log: t('Show Log'),
      inspect: t('Inspect'),
    },
  };
}
