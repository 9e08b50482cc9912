import { appendFile, mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { MemorySaver } from '@langchain/langgraph-checkpoint';
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { RunnableConfig } from '@langchain/core/runnables';

/** One line of a thread's journal. What LangGraph serialised is JSON text already. */
type Entry =
  | { put: { ns: string; id: string; parent?: string; checkpoint: string; metadata: string } }
  | { writes: { key: string; entries: Record<string, [string, string, string, string]> } };

/**
 * LangGraph's own in-memory saver, made durable: each thread has a journal
 * `<folder>/<thread id>.jsonl`, flushed to the disk before a `put` answers and replayed at first
 * use. A last line torn by a crash is dropped, so the thread stands at the step before it.
 */
export class FileSaver extends MemorySaver {
  private readonly loaded = new Map<string, Promise<void>>();
  /** `[thread, ns, channel, version]` of every channel value that was stored. */
  private readonly stored = new Set<string>();

  constructor(private readonly folder: string) {
    super();
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    await this.load(threadOf(config));
    return await super.getTuple(config);
  }

  override async *list(
    config: RunnableConfig,
    options?: CheckpointListOptions,
  ): AsyncGenerator<CheckpointTuple> {
    const thread = threadOf(config);
    for (const each of thread === undefined ? await this.threads() : [thread]) {
      await this.load(each);
    }
    yield* super.list(config, options);
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions = checkpoint.channel_versions,
  ): Promise<RunnableConfig> {
    const thread = threadOf(config);
    const ns = namespaceOf(config);
    await this.load(thread);
    const values = this.storedValues(thread, ns, checkpoint, newVersions);
    const result = await super.put(config, { ...checkpoint, channel_values: values }, metadata);
    const saved = this.storage[thread ?? '']?.[ns]?.[checkpoint.id];
    if (thread !== undefined && saved) {
      const [body, meta, parent] = saved;
      await this.append(thread, {
        put: {
          ns,
          id: checkpoint.id,
          ...(parent === undefined ? {} : { parent }),
          checkpoint: decode(body),
          metadata: decode(meta),
        },
      });
    }
    return result;
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath?: string,
  ): Promise<void> {
    const thread = threadOf(config);
    await this.load(thread);
    await super.putWrites(config, writes, taskId, taskPath);
    const key = writesKey(config);
    const entries: Record<string, [string, string, string, string]> = {};
    for (const [name, [task, channel, value, at]] of Object.entries(this.writes[key] ?? {})) {
      entries[name] = [task, channel, decode(value), at ?? ''];
    }
    if (thread !== undefined) await this.append(thread, { writes: { key, entries } });
  }

  override async deleteThread(thread: string): Promise<void> {
    await super.deleteThread(thread);
    await rm(this.journal(thread), { force: true });
    this.loaded.delete(thread);
  }

  /** A value counts if it is new in this checkpoint or was stored before under the same version. */
  private storedValues(
    thread: string | undefined,
    ns: string,
    { channel_values, channel_versions }: Checkpoint,
    newVersions: ChannelVersions,
  ): Record<string, unknown> {
    const key = (channel: string, version: unknown) =>
      JSON.stringify([thread, ns, channel, version]);
    for (const [channel, version] of Object.entries(newVersions)) {
      this.stored.add(key(channel, version));
    }
    const versions = { ...channel_versions, ...newVersions };
    return Object.fromEntries(
      Object.entries(channel_values).filter(([channel]) =>
        this.stored.has(key(channel, versions[channel])),
      ),
    );
  }

  private journal(thread: string): string {
    return path.join(this.folder, `${encodeURIComponent(thread)}.jsonl`);
  }

  private async threads(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => decodeURIComponent(name.slice(0, -'.jsonl'.length)));
  }

  private async append(thread: string, entry: Entry): Promise<void> {
    const file = this.journal(thread);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await appendFile(file, JSON.stringify(entry) + '\n', { mode: 0o600, flush: true });
  }

  private load(thread: string | undefined): Promise<void> {
    if (thread === undefined) return Promise.resolve();
    const known = this.loaded.get(thread);
    if (known) return known;
    const loading = this.replay(thread);
    this.loaded.set(thread, loading);
    return loading;
  }

  private async replay(thread: string): Promise<void> {
    const file = this.journal(thread);
    const text = await readFile(file, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await cutTo(file, Buffer.byteLength(whole));
    for (const line of whole.split('\n')) {
      if (line) this.apply(thread, JSON.parse(line) as Entry);
    }
  }

  private apply(thread: string, entry: Entry): void {
    if ('put' in entry) {
      const { ns, id, parent, checkpoint, metadata } = entry.put;
      const body = JSON.parse(checkpoint) as Checkpoint;
      this.storedValues(thread, ns, body, body.channel_versions);
      const namespaces = (this.storage[thread] ??= dictionary());
      (namespaces[ns] ??= dictionary())[id] = [encode(checkpoint), encode(metadata), parent];
    } else {
      const writes = (this.writes[entry.writes.key] ??= dictionary());
      for (const [name, [task, channel, value, at]] of Object.entries(entry.writes.entries)) {
        writes[name] = [task, channel, encode(value), at];
      }
    }
  }
}

/** As in the base class: without a prototype, so that no key can reach `Object.prototype`. */
function dictionary<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function configurable(config: RunnableConfig, name: string): string | undefined {
  const value: unknown = config.configurable?.[name];
  return typeof value === 'string' ? value : undefined;
}

const threadOf = (config: RunnableConfig) => configurable(config, 'thread_id');
const namespaceOf = (config: RunnableConfig) => configurable(config, 'checkpoint_ns') ?? '';

/** The base class's own key of a checkpoint's writes. */
function writesKey(config: RunnableConfig): string {
  return JSON.stringify([
    threadOf(config),
    configurable(config, 'checkpoint_ns'),
    configurable(config, 'checkpoint_id'),
  ]);
}

async function cutTo(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(bytes);
  } finally {
    await handle.close();
  }
}
