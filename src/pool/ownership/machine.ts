import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';

import { isMissing } from '../../base/privateFiles';

const machineIdFiles = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * This person's account on this machine, 16 hex digits. The host's name is part of it, since images
 * of machines are copied with their id; the account is, since one person may not be able to see
 * whether another's process lives.
 */
export async function thisMachine(): Promise<string> {
  const { uid, username, homedir } = userInfo();
  const account = uid >= 0 ? String(uid) : `${username}:${homedir}`;
  const facts = [process.platform, await machineId(), hostname(), account];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** The namespace that this process' id belongs to; `0` where there are none. */
export async function pidNamespace(): Promise<string> {
  try {
    const link = await readlink('/proc/self/ns/pid');
    return /\d+/.exec(link)?.[0] ?? '0';
  } catch {
    return '0';
  }
}

async function machineId(): Promise<string> {
  if (process.platform !== 'linux') return '';
  for (const file of machineIdFiles) {
    try {
      const id = (await readFile(file, 'utf8')).trim();
      if (id !== '') return id;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return '';
}
