import { join } from 'node:path';

import { z } from 'zod';

import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';

/** What is remembered of a server's starts on this machine. */
export interface ServerUsage {
  ok: number;
  failed: number;
}

/** Starts of servers by entry, and which servers the last incidents used. */
export interface Usage {
  servers: Readonly<Record<string, ServerUsage>>;
  /** Newest last, at most {@link rememberedIncidents}. */
  incidents: readonly { id: string; servers: readonly string[] }[];
}

const rememberedIncidents = 20;
/** Fewer incidents say nothing about the next. */
const fewestIncidents = 3;

export const noUsage: Usage = { servers: {}, incidents: [] };

const file = z.object({
  schema: z.literal(1),
  servers: z.record(
    z.string(),
    z.object({
      ok: z.number().int().min(0),
      failed: z.number().int().min(0),
    }),
  ),
  incidents: z.array(z.object({ id: z.string(), servers: z.array(z.string()) })),
});

/**
 * The counts of starts in the data folder. Two processes that count in the same moment may lose
 * one start, which changes a score by a point at most; the file itself is always whole.
 */
export class UsageFile {
  private readonly path: string;
  private last: Promise<unknown> = Promise.resolve();

  /** @param folder the catalogue's own folder of the data folder */
  constructor(private readonly folder: string) {
    this.path = join(folder, 'usage.json');
  }

  /** What is remembered; a file that cannot be read counts as none. */
  async read(): Promise<Usage> {
    try {
      const content = await readIfThere(this.path);
      return content ? file.parse(JSON.parse(content.toString('utf8'))) : noUsage;
    } catch {
      return noUsage;
    }
  }

  /** A server started for `incident`, or did not. */
  async started(server: string, ok: boolean, incident: string | null): Promise<void> {
    await this.change((usage) => withStart(usage, server, ok, incident));
  }

  private async change(change: (usage: Usage) => Usage): Promise<void> {
    const work = this.last.then(async () => {
      const next = change(await this.read());
      await makePrivateFolder(this.folder);
      await writeAtomically(this.path, `${JSON.stringify({ schema: 1, ...next })}\n`);
    });
    this.last = work.catch(() => undefined);
    await work;
  }
}

/** The usage after one more start. */
export function withStart(
  usage: Usage,
  server: string,
  ok: boolean,
  incident: string | null,
): Usage {
  const before = usage.servers[server] ?? { ok: 0, failed: 0 };
  const after = ok ? { ...before, ok: before.ok + 1 } : { ...before, failed: before.failed + 1 };
  return {
    servers: { ...usage.servers, [server]: after },
    incidents:
      ok && incident !== null ? withIncident(usage.incidents, incident, server) : usage.incidents,
  };
}

function withIncident(
  incidents: Usage['incidents'],
  id: string,
  server: string,
): Usage['incidents'] {
  const known = incidents.find((incident) => incident.id === id)?.servers ?? [];
  const others = incidents.filter((incident) => incident.id !== id);
  return [...others, { id, servers: [...new Set([...known, server])] }].slice(-rememberedIncidents);
}

/** Servers that most of the last incidents used: worth having ready. Most used first. */
export function prewarmCandidates({ incidents }: Usage): readonly string[] {
  if (incidents.length < fewestIncidents) return [];
  const counts = new Map<string, number>();
  for (const server of incidents.flatMap((incident) => incident.servers)) {
    counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count * 2 > incidents.length)
    .sort(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b))
    .map(([server]) => server);
}
