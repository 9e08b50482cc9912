/**
 * An error that a person sees: `message` is one clear sentence that says what happened, what was
 * kept and what to do next. `code` is stable and decides which button is offered with it.
 */
export class WarRoomError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'WarRoomError';
  }

  /** Tells by code, never by `instanceof`: an error may have been made in another bundle. */
  static is(error: unknown, code?: ErrorCode): error is WarRoomError {
    return (
      error instanceof Error &&
      error.name === 'WarRoomError' &&
      'code' in error &&
      (code === undefined || error.code === code)
    );
  }
}

/** Every class of error that a person can meet. */
export type ErrorCode =
  // the log
  | 'empty-log'
  | 'binary-log'
  | 'unreadable-log'
  // the repository and its values
  | 'no-repository'
  | 'values-unparsable'
  | 'values-key-missing'
  | 'values-ambiguous'
  | 'outside-workspace'
  | 'file-read-only'
  | 'file-dirty'
  | 'proposal-stale'
  | 'proposal-waits'
  | 'value-missing'
  // the cluster
  | 'action-failed'
  /** Whether the cluster took an approved action is not known. */
  | 'action-unknown'
  // git
  | 'merge-in-progress'
  | 'detached-head'
  | 'identity-missing'
  | 'hook-failed'
  | 'git-failed'
  | 'signing-failed'
  | 'push-refused'
  | 'revert-conflict'
  // the run
  | 'cancelled'
  /** The process or the window ends; whoever comes next goes on. */
  | 'closing'
  | 'deadline'
  | 'locked'
  | 'not-found'
  | 'wrong-state'
  | 'wrong-usage'
  | 'untrusted-workspace'
  // the pool
  | 'server-unknown'
  | 'server-failed'
  | 'pool-full'
  | 'leave-needed'
  | 'engine-unavailable'
  | 'image-failed'
  | 'catalogue-unavailable'
  // the language model
  | 'model-denied'
  | 'model-busy'
  | 'model-unavailable'
  | 'model-failed'
  | 'internal';

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `{code, message}` of anything that was thrown; what is not a {@link WarRoomError} is `internal`. */
export function describeError(error: unknown): { code: ErrorCode; message: string } {
  return WarRoomError.is(error)
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: messageOf(error) };
}
