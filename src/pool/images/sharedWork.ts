import { WarRoomError } from '../../base/errors';

/** Hears short sentences on how work goes. */
export type Tell = (sentence: string) => void;

interface Running<T> {
  result: Promise<T>;
  listeners: Set<Tell>;
  waiting: number;
  end: AbortController;
  last: string | null;
}

/** Does equal work once, however many ask for it; it is cancelled when nobody wants it any more. */
export class SharedWork<T> {
  private readonly running = new Map<string, Running<T>>();
  /** Also what was cancelled and has not ended yet. */
  private readonly unsettled = new Set<Running<T>>();

  async run(
    key: string,
    signal: AbortSignal,
    tell: Tell,
    work: (signal: AbortSignal, tell: Tell) => Promise<T>,
  ): Promise<T> {
    const running = this.running.get(key) ?? this.begin(key, work);
    running.waiting += 1;
    running.listeners.add(tell);
    if (running.last !== null) tell(running.last);
    try {
      return await orAborted(running.result, signal);
    } finally {
      running.listeners.delete(tell);
      running.waiting -= 1;
      if (running.waiting === 0) running.end.abort();
    }
  }

  /** Cancels everything; fulfilled when nothing runs any more. */
  async dispose(): Promise<void> {
    const all = [...this.unsettled];
    all.forEach(({ end }) => end.abort());
    await Promise.allSettled(all.map(({ result }) => result));
  }

  private begin(key: string, work: (signal: AbortSignal, tell: Tell) => Promise<T>): Running<T> {
    const end = new AbortController();
    const listeners = new Set<Tell>();
    const tell = (sentence: string) => {
      running.last = sentence;
      listeners.forEach((each) => each(sentence));
    };
    const result = Promise.resolve().then(() => work(end.signal, tell));
    const running: Running<T> = { result, listeners, waiting: 0, end, last: null };
    this.running.set(key, running);
    this.unsettled.add(running);
    const forget = () => {
      if (this.running.get(key) === running) this.running.delete(key);
    };
    // Who asks while it is being cancelled begins anew.
    end.signal.addEventListener('abort', forget, { once: true });
    const settle = () => {
      this.unsettled.delete(running);
      forget();
    };
    result.then(settle, settle);
    return running;
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let cancel: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    cancel = () => reject(new WarRoomError('cancelled', 'Building the image was cancelled.'));
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
