import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { ContainerCreateOptions, HostConfig } from '../../engine/types';
import type { ServerImage } from '../../images/serverImage';
import { labels } from '../../ownership/labels';
import type { StartRequest } from '../../runtime';

/** What one container may use. */
export interface ContainerLimits {
  /** Memory and swap together. */
  memoryBytes: number;
  cpus: number;
}

/** Everything that a container is made of. */
export interface ContainerPlan {
  request: StartRequest;
  /** The request's arguments as the container is to see them. */
  args: readonly string[];
  /** The request's environment as the container is to see it. */
  environment: Readonly<Record<string, string>>;
  image: ServerImage;
  limits: ContainerLimits;
  /** Processors until the server was greeted. */
  cpusAtStart: number;
  /** Podman takes fewer options. */
  isPodman: boolean;
  /** The network's id; null for none. */
  network: string | null;
  /** Name in the container for the machine that the engine runs on; null when it needs none. */
  hostName: string | null;
  /** Text of the owner label. */
  owner: string;
  now: Date;
}

const mebibyte = 1024 * 1024;
const nano = 1e9;
/** Nobody: an id that no image has a user for. */
const user = '65532:65532';

/** What holds for every container of ours, whatever its server. */
const hostDefaults: HostConfig = {
  Init: true,
  AutoRemove: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  PidsLimit: 128,
  // What a server writes is heard over the attached streams, and is not for the engine's disk.
  LogConfig: { Type: 'none', Config: {} },
};

/** Docker keeps the mode that the image has for the folder, so it is its own; Podman knows no owner. */
const tmp = (isPodman: boolean) =>
  `size=${64 * mebibyte},mode=1777${isPodman ? '' : ',uid=65532,gid=65532'}`;

const streamDefaults: ContainerCreateOptions = {
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
  OpenStdin: true,
  // Its input ends when the connection does, however this process ends.
  StdinOnce: true,
  Tty: false,
};

/** What the engine is asked to make. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions & { name: string } {
  const { image, limits, network, hostName, request } = plan;
  const [program, ...programArgs] = image.command;
  const environment = { ...image.environment, ...plan.environment, HOME: '/tmp' };
  const options: ContainerCreateOptions = {
    ...streamDefaults,
    Image: image.id,
    ...(program === undefined ? {} : { Entrypoint: [program] }),
    Cmd: [...programArgs, ...plan.args],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    User: user,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...hostDefaults,
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: nanoCpus(plan.cpusAtStart),
      Tmpfs: { '/tmp': tmp(plan.isPodman) },
      NetworkMode: network ?? 'none',
      ExtraHosts: hostName === null ? [] : [`${hostName}:host-gateway`],
    },
  };
  return {
    ...options,
    name: containerName(request.spec.name, plan.now),
    Labels: {
      [labels.owner]: plan.owner,
      [labels.host]: hostname(),
      [labels.server]: request.spec.name,
      [labels.started]: plan.now.toISOString(),
      [labels.config]: configHash({
        ...options,
        Cmd: [...programArgs, ...request.spec.args],
        Env: Object.keys(environment).sort(),
      }),
      ...(image.notice === null ? {} : { [labels.notice]: image.notice }),
    },
  };
}

/** Processors in the engine's unit. Never mixed with quotas, which the engine refuses. */
export function nanoCpus(cpus: number): number {
  return Math.round(cpus * nano);
}

/** `<server>-mcp-<unix seconds>-<4 hex>`, in characters that an engine takes. */
function containerName(server: string, now: Date): string {
  const plain = server.replace(/[^\w.-]+/g, '-').replace(/^[^a-zA-Z0-9]+/, '') || 'server';
  const seconds = Math.floor(now.getTime() / 1000);
  return `${plain}-mcp-${seconds}-${randomBytes(2).toString('hex')}`;
}

/** @param options without the values of variables, which could be guessed from a hash of them */
function configHash(options: ContainerCreateOptions): string {
  const text = JSON.stringify(options);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
