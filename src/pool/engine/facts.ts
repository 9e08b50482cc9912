import { release } from 'node:os';

import type { EngineConnection } from './place';
import { askEngine } from './stream';

/** What was found of an engine when it was connected. */
export interface EngineFacts {
  /** For example `28.2.2`. */
  version: string;
  /** Newest version of the API that it speaks, for example `1.50`. */
  apiVersion: string;
  /** System of its containers, `linux`. */
  os: string;
  /** Processor of its containers as images name it: `amd64`, `arm64`. */
  arch: string;
  cgroupVersion: 1 | 2;
  cpus: number;
  memoryBytes: number;
  isPodman: boolean;
  /** True when its containers run on this machine's own kernel, and not in a virtual machine. */
  isLocal: boolean;
  /** Kinds of limits that it does not apply, in words. */
  notApplied: readonly string[];
}

/** Fields of `GET /info`. */
interface EngineInfo {
  OSType: string;
  NCPU: number;
  MemTotal: number;
  KernelVersion: string;
  CgroupVersion?: string;
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
  CpuCfsQuota?: boolean;
  PidsLimit?: boolean;
}

/** Fields of `GET /version`. */
interface EngineVersion {
  Version: string;
  ApiVersion: string;
  Os: string;
  Arch: string;
  Components?: readonly { Name: string }[];
}

const limits = {
  MemoryLimit: 'memory limit',
  SwapLimit: 'swap limit',
  CpuCfsQuota: 'processor limit',
  PidsLimit: 'process limit',
} as const;

/** Asks the engine what it is. */
export async function readFacts(
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<EngineFacts> {
  const [version, info] = await Promise.all([
    askEngine<EngineVersion>(connection, { method: 'GET', path: '/version' }, signal),
    askEngine<EngineInfo>(connection, { method: 'GET', path: '/info' }, signal),
  ]);
  const isSocket = 'socketPath' in connection;
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    os: info.OSType || version.Os,
    arch: version.Arch,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    isPodman: version.Components?.some(({ Name }) => Name === 'Podman Engine') ?? false,
    isLocal: isSocket && process.platform === 'linux' && info.KernelVersion === release(),
    notApplied: Object.entries(limits)
      .filter(([name]) => info[name as keyof typeof limits] === false)
      .map(([, words]) => words),
  };
}
