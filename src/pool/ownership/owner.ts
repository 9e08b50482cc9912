import { randomBytes } from 'node:crypto';

import { isRunning, thisProcess } from '../../base/processIdentity';
import type { ProcessIdentity } from '../../base/processIdentity';
import { pidNamespace, thisMachine } from './machine';

/** Who answers for a container. */
export interface Owner {
  /** The account and the machine, see {@link thisMachine}. */
  machine: string;
  /** Process ids mean something within one namespace only. */
  pidNamespace: string;
  /** On Linux its start names the boot too. */
  process: ProcessIdentity;
  /** Tells the pools that one process had one after the other apart. */
  pool: string;
}

/**
 * `foreign`: of another machine, account or pid namespace, so nothing can be known of it and it is
 * never touched.
 */
export type OwnerLife = 'alive' | 'dead' | 'foreign';

/** A new pool of this process. */
export async function newOwner(): Promise<Owner> {
  const [machine, namespace, identity] = await Promise.all([
    thisMachine(),
    pidNamespace(),
    thisProcess(),
  ]);
  return {
    machine,
    pidNamespace: namespace,
    process: identity,
    pool: randomBytes(4).toString('hex'),
  };
}

/** The owner as the text of a label. */
export function ownerText({ machine, pidNamespace, process: { pid, start }, pool }: Owner): string {
  return [machine, pidNamespace, pid, start, pool].join('.');
}

/** The owner that a label names; undefined for a text that is none. */
export function parseOwner(text: string): Owner | undefined {
  const match = /^([0-9a-f]{16})\.(\d+)\.([1-9]\d*)\.([\w-]+)\.([0-9a-f]{8})$/.exec(text);
  if (!match) return undefined;
  const [, machine = '', namespace = '', pid = '', start = '', pool = ''] = match;
  return { machine, pidNamespace: namespace, process: { pid: Number(pid), start }, pool };
}

/** True for the labels of two pools that one process had. */
export function isOfSameProcess(one: string, other: string): boolean {
  const [a, b] = [parseOwner(one), parseOwner(other)];
  return a !== undefined && b !== undefined && ownerText({ ...a, pool: b.pool }) === other;
}

/** Whether the process of `owner` lives, as far as that can be told where `here` runs. */
export async function lifeOf(owner: Owner, here: Owner): Promise<OwnerLife> {
  if (owner.machine !== here.machine || owner.pidNamespace !== here.pidNamespace) return 'foreign';
  return (await isRunning(owner.process)) ? 'alive' : 'dead';
}
