import type { DisposableLike } from './disposables';

/** The shape of `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => DisposableLike;

/** A list of listeners. One that throws does not keep the others from hearing. */
export class Emitter<T> implements DisposableLike {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private readonly onListenerError: (error: unknown) => void = () => undefined) {}

  readonly event: Event<T> = (listener) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
