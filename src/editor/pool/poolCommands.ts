import { commandIds } from '../commandIds';

/** Commands that work on one server. */
export const serverCommands = [
  commandIds.stopServer,
  commandIds.restartServer,
  commandIds.pinServer,
  commandIds.unpinServer,
  commandIds.showServerLog,
  commandIds.inspectServer,
] as const;
export type ServerCommandId = (typeof serverCommands)[number];

/** All commands that the pool's views do. */
export const poolCommands = [
  ...serverCommands,
  commandIds.showServerFailure,
  commandIds.showPoolStatus,
  commandIds.showPoolMonitor,
  commandIds.openPoolSettings,
] as const;
export type PoolCommandId = (typeof poolCommands)[number];
