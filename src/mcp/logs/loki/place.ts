import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

import { httpUrl } from '../../shared/http';
import type { Request } from '../../shared/http';
import { ToolError } from '../../shared/tool';

/** A Loki that can be asked. */
export interface Loki {
  /** Without `/loki/api/v1`; may hold user and password. */
  base: URL;
  /** Null where it has none, or the login decides. */
  tenant: string | null;
  request: Pick<Request, 'headers' | 'ca'>;
}

/**
 * Reads the `WAR_ROOM_LOKI_` variables; null where none names a Loki.
 * @throws ToolError when one of them cannot be used
 */
export async function configuredLoki(environment: NodeJS.ProcessEnv): Promise<Loki | null> {
  const url = environment['WAR_ROOM_LOKI_URL'];
  if (!url) return null;
  const base = httpUrl(url, 'WAR_ROOM_LOKI_URL (setting warRoom.loki.url)');
  const tenant = environment['WAR_ROOM_LOKI_TENANT']?.trim() || null;
  const login = loginOf(environment);
  const headers = {
    ...(tenant === null ? {} : { 'x-scope-orgid': tenant }),
    ...(login === null ? {} : { authorization: login }),
  };
  const caFile = environment['WAR_ROOM_LOKI_CA_FILE'];
  return { base, tenant, request: caFile ? { headers, ca: await trusted(caFile) } : { headers } };
}

/** As an authorization header; user and password may also stand in the URL. */
function loginOf(environment: NodeJS.ProcessEnv): string | null {
  const token = environment['WAR_ROOM_LOKI_TOKEN']?.trim();
  if (token) return `Bearer ${token}`;
  const user = environment['WAR_ROOM_LOKI_USER'];
  const password = environment['WAR_ROOM_LOKI_PASSWORD'] ?? '';
  return user ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : null;
}

async function trusted(file: string): Promise<string[]> {
  const pem = await readFile(file, 'utf8').catch(() => '');
  if (pem.includes('BEGIN CERTIFICATE')) return [...rootCertificates, pem];
  throw new ToolError(
    `WAR_ROOM_LOKI_CA_FILE (setting warRoom.loki.caFile) names ${file}, which is no readable file of certificates in PEM.`,
  );
}
