import type { Language } from './logTexts';
import type { MemoryShare, PoolStatus, ServerState, ServerStatus } from './status';

interface Words {
  title: string;
  running: (count: number, limit: number) => string;
  idle: (count: number) => string;
  waiting: (count: number) => string;
  memory: (share: Share) => string;
  machine: (share: Share) => string;
  machineUnknown: string;
  pressure: (threshold: number) => string;
  engine: Readonly<Record<PoolStatus['engine']['state'], string>>;
  images: (amount: string) => string;
  details: string;
  pinned: string;
  server: (state: string, memory: string | null) => string;
  memoryOf: (used: string, limit: string) => string;
  times: (up: string, idle: string) => string;
  holders: (names: string) => string;
  notApplied: (limits: string) => string;
  stopsIn: (time: string) => string;
  failed: string;
  minutes: (count: number) => string;
  lessThanMinute: string;
  states: Readonly<Record<ServerState, string>>;
}

interface Share {
  used: string;
  total: string;
  percent: number;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: 'War Room pool',
    running: (count, limit) => `Running: ${count} of ${limit}`,
    idle: (count) => `Idle: ${count}`,
    waiting: (count) => `Waiting for a server: ${count}`,
    memory: ({ used, total, percent }) => `Memory: ${used}, ${percent}% of ${total}`,
    machine: ({ total, percent }) => `Machine: ${percent}% of ${total}`,
    machineUnknown: 'Machine: its memory is not told, so only our own counts',
    pressure: (threshold) => `Memory pressure: above ${threshold}%`,
    engine: { unknown: '', ready: 'Containers: ready', unavailable: 'Containers: unavailable' },
    images: (amount) => `Images: ${amount}`,
    details: 'Servers:',
    pinned: 'pinned',
    server: (state, memory) => `State: ${state}${memory ? `, memory: ${memory}` : ''}`,
    memoryOf: (used, limit) => `${used} of ${limit}`,
    times: (up, idle) => `Up: ${up}, idle: ${idle}`,
    holders: (names) => `Held by: ${names}`,
    notApplied: (limits) => `Not applied by the engine: ${limits}`,
    stopsIn: (time) => `→ stops in ${time}`,
    failed: 'Failed:',
    minutes: (count) => `${count} min`,
    lessThanMinute: 'under 1 min',
    states: { starting: 'starting', idle: 'idle', leased: 'leased', stopping: 'stopping' },
  },
  ko: {
    title: 'War Room 풀',
    running: (count, limit) => `실행 중: ${count}개 (최대 ${limit}개)`,
    idle: (count) => `Idle 상태: ${count}개`,
    waiting: (count) => `서버 대기: ${count}건`,
    memory: ({ used, total, percent }) => `총 메모리: ${used} (${total}의 ${percent}%)`,
    machine: ({ total, percent }) => `머신 메모리: ${total}의 ${percent}%`,
    machineUnknown: '머신 메모리: 알 수 없음 (풀의 메모리만 계산)',
    pressure: (threshold) => `메모리 압박: ${threshold}% 초과`,
    engine: { unknown: '', ready: '컨테이너: 사용 가능', unavailable: '컨테이너: 사용 불가' },
    images: (amount) => `이미지: ${amount}`,
    details: '상세:',
    pinned: '고정됨',
    server: (state, memory) => `상태: ${state}${memory ? `, 메모리: ${memory}` : ''}`,
    memoryOf: (used, limit) => `${used} (최대 ${limit})`,
    times: (up, idle) => `가동: ${up}, Idle: ${idle}`,
    holders: (names) => `사용 중: ${names}`,
    notApplied: (limits) => `엔진이 적용하지 않은 제한: ${limits}`,
    stopsIn: (time) => `→ ${time} 후 자동 종료 예정`,
    failed: '실패:',
    minutes: (count) => `${count}분`,
    lessThanMinute: '1분 미만',
    states: { starting: '시작 중', idle: 'idle', leased: '사용 중', stopping: '종료 중' },
  },
};

/** The status for a terminal: totals first, then each server with when it stops. */
export function statusText(status: PoolStatus, language: Language = 'en'): string {
  const say = words[language];
  return [
    say.title,
    ...totals(status, say).map((line) => `  ${line}`),
    ...block(
      say.details,
      status.servers.flatMap((server) => serverLines(server, say)),
    ),
    ...block(
      say.failed,
      status.failed.map(({ server, at, message }) => `${at} ${server}: ${firstLine(message)}`),
    ),
  ].join('\n');
}

function totals(status: PoolStatus, say: Words): string[] {
  const { pressure, engine, memoryBytes, imagesBytes } = status;
  const machine = pressure.machine ? say.machine(shareOf(pressure.machine)) : say.machineUnknown;
  return [
    say.running(status.running, status.limit),
    say.idle(status.idle),
    ...(status.waiting > 0 ? [say.waiting(status.waiting)] : []),
    ...(memoryBytes === null ? [] : [say.memory(shareOf(pressure.ours)), machine]),
    ...(pressure.isOver ? [say.pressure(pressure.thresholdPercent)] : []),
    ...(engine.state === 'unknown' ? [] : [engineLine(engine, say)]),
    ...(imagesBytes === null ? [] : [say.images(megabytes(imagesBytes))]),
  ];
}

function engineLine({ state, message }: PoolStatus['engine'], say: Words): string {
  return message === '' ? say.engine[state] : `${say.engine[state]}: ${firstLine(message)}`;
}

function serverLines(server: ServerStatus, say: Words): string[] {
  const { memoryBytes, memoryLimitBytes, notApplied, stopsInMs } = server;
  const memory = memoryBytes === null ? null : memoryOf(memoryBytes, memoryLimitBytes, say);
  const place = [server.name, server.runtime].filter((part) => part !== '').join(', ');
  return [
    `${server.server} (${place})${server.pinned ? ` [${say.pinned}]` : ''}`,
    `  ${say.server(say.states[server.state], memory)}`,
    `  ${say.times(duration(server.uptimeMs, say), duration(server.idleMs, say))}`,
    ...(server.holders.length > 0 ? [`  ${say.holders(server.holders.join(', '))}`] : []),
    ...(notApplied.length > 0 ? [`  ${say.notApplied(notApplied.join(', '))}`] : []),
    ...(stopsInMs === null ? [] : [`  ${say.stopsIn(duration(stopsInMs, say))}`]),
  ];
}

function memoryOf(used: number, limit: number | null, say: Words): string {
  return limit === null ? megabytes(used) : say.memoryOf(megabytes(used), megabytes(limit));
}

function shareOf({ usedBytes, totalBytes, percent }: MemoryShare): Share {
  return {
    used: megabytes(usedBytes),
    total: megabytes(totalBytes),
    percent: Math.round(percent),
  };
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', `  ${title}`, ...lines.map((line) => `    ${line}`)] : [];
}

function duration(ms: number, say: Words): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes > 0 || ms === 0 ? say.minutes(minutes) : say.lessThanMinute;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
