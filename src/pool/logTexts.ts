import type { RuntimeName } from './serverSpec';
import type { StopReason } from './slotOwner';

export type Language = 'en' | 'ko';

/** What the pool writes into its log and history, after the War Room guide. */
export interface LogTexts {
  started: (name: string, runtime: RuntimeName) => string;
  idle: (name: string) => string;
  reused: (name: string, holder: string) => string;
  stopping: (name: string, reason: StopReason, idleMinutes: number) => string;
  stopped: (name: string, reason: StopReason) => string;
  won: (megabytes: number) => string;
  pressure: (percent: number) => string;
  pressureOver: (percent: number) => string;
}

export const logTexts: Readonly<Record<Language, LogTexts>> = {
  en: {
    started: (name, runtime) => `${noun(runtime, 'Container', 'Server')} started: ${name}`,
    idle: (name) => `Work done, now idle: ${name}`,
    reused: (name, holder) => `Reused for ${holder}: ${name}`,
    stopping: (name, reason, minutes) =>
      ({
        idle: `Idle timeout (${minutes} min), stopping: ${name}`,
        pressure: `Chosen to be stopped: ${name} (idle ${minutes} min)`,
        room: `Room is needed, stopping the oldest idle one: ${name} (idle ${minutes} min)`,
        asked: `Stopping on request: ${name}`,
        'incident-over': `Its incident is over, stopping: ${name}`,
        'single-use': `It is not used again, stopping: ${name}`,
        closing: `War Room closes, stopping: ${name}`,
      })[reason],
    stopped: (name, reason) =>
      reason === 'pressure' ? `Stopped to win memory back: ${name}` : `Stopped: ${name}`,
    won: (megabytes) => `Memory won back: ${megabytes} MB`,
    pressure: (percent) => `Memory pressure found: ${percent}%`,
    pressureOver: (percent) => `Memory in use: ${percent}%`,
  },
  ko: {
    started: (name, runtime) => `${noun(runtime, '컨테이너', '서버')} 시작: ${name}`,
    idle: (name) => `작업 완료, Idle 상태 진입: ${name}`,
    reused: (name, holder) => `재사용 (${holder}): ${name}`,
    stopping: (name, reason, minutes) =>
      ({
        idle: `Idle 타임아웃 (${minutes}분), 자동 종료: ${name}`,
        pressure: `종료 대상: ${name} (Idle ${minutes}분)`,
        room: `자리 확보를 위해 가장 오래된 Idle 서버 자동 종료: ${name} (Idle ${minutes}분)`,
        asked: `요청에 따라 종료: ${name}`,
        'incident-over': `장애 처리 완료, 종료: ${name}`,
        'single-use': `재사용하지 않으므로 종료: ${name}`,
        closing: `War Room 종료에 따라 종료: ${name}`,
      })[reason],
    stopped: (name, reason) =>
      reason === 'pressure' ? `메모리 확보 종료: ${name}` : `종료 완료: ${name}`,
    won: (megabytes) => `메모리 ${megabytes}MB 회수`,
    pressure: (percent) => `메모리 압박 감지: ${percent}%`,
    pressureOver: (percent) => `메모리 사용: ${percent}%`,
  },
};

function noun(runtime: RuntimeName, container: string, process: string): string {
  return runtime === 'process' ? process : container;
}
