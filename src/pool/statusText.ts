import type { PoolStatus, ServerState, ServerStatus } from './status';

export type Language = 'en' | 'ko';

interface Words {
  title: string;
  running: (count: number, limit: number) => string;
  idle: (count: number) => string;
  waiting: (count: number) => string;
  memory: (amount: string) => string;
  details: string;
  server: (state: string, memory: string | null) => string;
  times: (up: string, idle: string) => string;
  holders: (names: string) => string;
  stopsIn: (time: string) => string;
  failed: string;
  minutes: (count: number) => string;
  lessThanMinute: string;
  states: Readonly<Record<ServerState, string>>;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: 'War Room pool',
    running: (count, limit) => `Running: ${count} of ${limit}`,
    idle: (count) => `Idle: ${count}`,
    waiting: (count) => `Waiting for a server: ${count}`,
    memory: (amount) => `Memory: ${amount}`,
    details: 'Servers:',
    server: (state, memory) => `State: ${state}${memory ? `, memory: ${memory}` : ''}`,
    times: (up, idle) => `Up: ${up}, idle: ${idle}`,
    holders: (names) => `Held by: ${names}`,
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
    memory: (amount) => `총 메모리: ${amount}`,
    details: '상세:',
    server: (state, memory) => `상태: ${state}${memory ? `, 메모리: ${memory}` : ''}`,
    times: (up, idle) => `가동: ${up}, Idle: ${idle}`,
    holders: (names) => `사용 중: ${names}`,
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
  const totals = [
    say.running(status.running, status.limit),
    say.idle(status.idle),
    ...(status.waiting > 0 ? [say.waiting(status.waiting)] : []),
    ...(status.memoryBytes === null ? [] : [say.memory(megabytes(status.memoryBytes))]),
  ];
  return [
    say.title,
    ...totals.map((line) => `  ${line}`),
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

function serverLines(server: ServerStatus, say: Words): string[] {
  const memory = server.memoryBytes === null ? null : megabytes(server.memoryBytes);
  return [
    server.server,
    `  ${say.server(say.states[server.state], memory)}`,
    `  ${say.times(duration(server.uptimeMs, say), duration(server.idleMs, say))}`,
    ...(server.holders.length > 0 ? [`  ${say.holders(server.holders.join(', '))}`] : []),
    ...(server.stopsInMs === null ? [] : [`  ${say.stopsIn(duration(server.stopsInMs, say))}`]),
  ];
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
