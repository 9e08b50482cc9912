import { WarRoomError } from '../base/errors';
import type { Log } from '../base/log';
import { McpServer } from './mcpServer';
import { runtimeOf } from './reuse';
import type { RuntimeSet } from './runtimeSet';
import type { ServerRequest } from './serverSpec';
import type { PoolStatus } from './status';

/** Starts servers, each on its runtime, and remembers what that told of the engine. */
export class ServerStarter {
  private found: PoolStatus['engine'] = { state: 'unknown', message: '' };

  constructor(
    private readonly runtimes: RuntimeSet,
    private readonly log: Log,
    private readonly greetMs: number,
  ) {}

  get engine(): PoolStatus['engine'] {
    return this.found;
  }

  /** @throws code `server-failed`, `engine-unavailable`, `image-failed`, or the signal's reason */
  async start(
    request: ServerRequest,
    onProgress: (sentence: string) => void,
    signal: AbortSignal,
  ): Promise<McpServer> {
    const name = runtimeOf(request);
    const { log, greetMs } = this;
    try {
      const runtime = await this.runtimes.get(name);
      const server = await McpServer.start(runtime, request, { log, greetMs, onProgress, signal });
      if (name !== 'process') this.found = { state: 'ready', message: '' };
      return server;
    } catch (error) {
      if (WarRoomError.is(error, 'engine-unavailable')) {
        this.found = { state: 'unavailable', message: error.message };
      }
      throw error;
    }
  }
}
