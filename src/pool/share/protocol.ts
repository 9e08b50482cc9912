import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { ErrorCode } from '../../base/errors';
import type { LeaseRequest, ServerTool, ToolAnswer } from '../pool';
import type { Program } from '../../incident/program';
import type { ServerRequest, ServerSpec } from '../serverSpec';
import type { MemoryShare, PoolStatus } from '../status';

/*
 * What a pool and its peers say over the socket: one JSON object a line. A peer's request has an
 * id of its own choice; the pool answers with `done` or `failed` and the same id. A lease is called
 * by the id of the request that it was granted for.
 */

const id = z.number().int().nonnegative();
const deadlineMs = z.number();
const nullableText = z.string().nullable();
const texts = z.record(z.string(), z.string());

const program: z.ZodType<Program> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bundled'), script: z.string() }),
  z.object({
    kind: z.literal('npm'),
    package: z.string(),
    version: z.string(),
    integrity: nullableText,
    bin: nullableText,
  }),
  z.object({
    kind: z.literal('pypi'),
    package: z.string(),
    version: z.string(),
    integrity: nullableText,
    command: nullableText,
  }),
  z.object({ kind: z.literal('oci'), image: z.string() }),
  z.object({ kind: z.literal('command'), command: z.string(), folder: z.string() }),
]);

const spec: z.ZodType<ServerSpec> = z.object({
  name: z.string(),
  program,
  args: z.array(z.string()),
  environment: z.array(z.string()),
  state: z.enum(['none', 'session']),
  hosts: z.array(z.string()),
});

const runtime = z.enum(['process', 'docker', 'kubernetes']);

const serverRequest: z.ZodType<ServerRequest> = z.object({
  spec,
  environment: texts,
  place: nullableText,
  runtime: z.union([runtime, z.literal('auto')]),
});

const leaseRequest: z.ZodType<LeaseRequest> = z.object({
  holder: z.string(),
  incident: nullableText,
  servers: z.array(serverRequest),
});

const request = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lease'), id, request: leaseRequest, deadlineMs }),
  z.object({
    kind: z.literal('call'),
    id,
    lease: id,
    server: z.string(),
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    approved: z.boolean(),
    deadlineMs,
  }),
  z.object({ kind: z.literal('lastLines'), id, server: z.string() }),
  z.object({ kind: z.literal('inspect'), id, server: z.string() }),
  /** Ends the request of this id; a lease that was granted to it meanwhile is given back. */
  z.object({ kind: z.literal('cancel'), id }),
  z.object({ kind: z.literal('stop'), server: z.string() }),
  z.object({ kind: z.literal('restart'), server: z.string() }),
  z.object({ kind: z.literal('pin'), server: z.string(), pinned: z.boolean() }),
  z.object({ kind: z.literal('endIncident'), incident: z.string() }),
  z.object({ kind: z.literal('watch'), watching: z.boolean() }),
  /** The status now and after each change. */
  z.object({ kind: z.literal('follow') }),
]);

/** What a peer sends. */
export type PeerMessage = z.infer<typeof request>;
/** What a peer sends and is answered. */
export type PeerQuestion = Extract<
  PeerMessage,
  { kind: 'lease' | 'call' | 'lastLines' | 'inspect' }
>;

/** A question before it has its id. */
export type Asked<Kind extends PeerQuestion['kind']> = Kind extends unknown
  ? Omit<Extract<PeerQuestion, { kind: Kind }>, 'id'>
  : never;

const share: z.ZodType<MemoryShare> = z.object({
  usedBytes: z.number(),
  totalBytes: z.number(),
  percent: z.number(),
});

const status: z.ZodType<PoolStatus> = z.object({
  limit: z.number(),
  pid: z.number(),
  running: z.number(),
  idle: z.number(),
  waiting: z.number(),
  memoryBytes: z.number().nullable(),
  pressure: z.object({
    ours: share,
    machine: share.nullable(),
    thresholdPercent: z.number(),
    isOver: z.boolean(),
    ageMs: z.number().nullable(),
  }),
  engine: z.object({ state: z.enum(['unknown', 'ready', 'unavailable']), message: z.string() }),
  servers: z.array(
    z.object({
      id: z.string(),
      server: z.string(),
      name: z.string(),
      runtime,
      state: z.enum(['starting', 'idle', 'leased', 'stopping']),
      pinned: z.boolean(),
      memoryBytes: z.number().nullable(),
      memoryLimitBytes: z.number().nullable(),
      uptimeMs: z.number(),
      idleMs: z.number(),
      stopsInMs: z.number().nullable(),
      holders: z.array(z.string()),
      notApplied: z.array(z.string()),
    }),
  ),
  failed: z.array(z.object({ server: z.string(), at: z.string(), message: z.string() })),
  history: z.array(
    z.object({
      at: z.string(),
      server: z.string(),
      name: z.string(),
      kind: z.enum(['started', 'idle', 'reused', 'stopped', 'failed', 'pressure']),
      why: z.string(),
    }),
  ),
  imagesBytes: z.number().nullable(),
});

const code = z.custom<ErrorCode>((value) => typeof value === 'string');

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id, result: z.unknown() }),
  z.object({ kind: z.literal('failed'), id, code, message: z.string() }),
  z.object({ kind: z.literal('progress'), id, sentence: z.string() }),
  z.object({ kind: z.literal('status'), status }),
]);

/** What the pool sends. */
export type PoolMessage = z.infer<typeof answer>;

const tool: z.ZodType<ServerTool> = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  readOnly: z.boolean(),
});

/** Results of the questions, by their kind. */
export const results = {
  /** The tools of each leased server. */
  lease: z.record(z.string(), z.array(tool)),
  call: z.object({
    text: z.string(),
    structured: z.unknown(),
    others: z.array(z.unknown()),
    isError: z.boolean(),
  }) satisfies z.ZodType<ToolAnswer>,
  lastLines: z.array(z.string()),
  inspect: z.unknown(),
} as const;

/** Raised when a message means something else and looks the same, which no schema tells. */
const meaning = 2;
let known: string | null = null;

/** Tells this protocol apart from those of other versions of War Room. */
export function protocolMark(): string {
  known ??= markOf([request, answer, ...Object.values(results)]);
  return known;
}

/** Another one as soon as anything that the schemas say of a message is another. */
export function markOf(schemas: readonly z.ZodType[]): string {
  const shapes = schemas.map((schema) => z.toJSONSchema(schema, { unrepresentable: 'any' }));
  const text = JSON.stringify([meaning, shapes]);
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** @throws Error when the line is no message of a peer */
export function parsePeerMessage(line: string): PeerMessage {
  return request.parse(JSON.parse(line));
}

/** @throws Error when the line is no message of a pool */
export function parsePoolMessage(line: string): PoolMessage {
  return answer.parse(JSON.parse(line));
}
