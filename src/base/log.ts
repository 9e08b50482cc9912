/** Where the engine says what it does: an output channel, standard error, or a test's array. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Says nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The same log with every line tagged by the component that speaks. */
export function tagged(log: Log, component: string): Log {
  const tag = (message: string) => `[${component}] ${message}`;
  return {
    debug: (message) => log.debug(tag(message)),
    info: (message) => log.info(tag(message)),
    warn: (message) => log.warn(tag(message)),
    error: (message) => log.error(tag(message)),
  };
}
