import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { dockerFolder } from '../base/dockerFolder';

/** What a person's docker settings hold for one registry. */
export type Login =
  | { kind: 'password'; user: string; password: string }
  /** A token that is traded for one of the registry's. */
  | { kind: 'identity'; token: string };

/** What decides which login is found. */
export interface LoginSurroundings {
  environment: Readonly<Record<string, string | undefined>>;
  /** The person's home folder. */
  home: string;
}

const entry = z.object({ auth: z.string().optional(), identitytoken: z.string().optional() });
const settings = z.object({
  auths: z.record(z.string(), entry).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().default(''),
});
const answer = z.object({ Username: z.string(), Secret: z.string().min(1) });

/** Docker Hub's logins stand under its first address. */
const hubKey = 'https://index.docker.io/v1/';

/**
 * The login that `docker login` kept for exactly this registry: by the helper that the settings name
 * for it, else by their store, else in the file. What cannot be read is no login.
 */
export async function loginFor(
  registry: string,
  { environment, home }: LoginSurroundings,
  signal: AbortSignal,
): Promise<Login | undefined> {
  const file = join(dockerFolder({ environment, home }), 'config.json');
  const text = await readFile(file, { encoding: 'utf8', signal }).catch(() => '{}');
  const kept = settings.safeParse(parsed(text));
  if (!kept.success) return undefined;
  const { auths, credHelpers, credsStore } = kept.data;
  const key = registry === 'docker.io' ? hubKey : registry;
  const helper = (Object.hasOwn(credHelpers, key) ? credHelpers[key] : '') || credsStore;
  if (helper) return await askHelper(helper, key, { environment, home }, signal);
  const named = Object.keys(auths).find((name) => hostOf(name) === registry);
  const own = auths[key] ?? (named === undefined ? undefined : auths[named]);
  return own && ofEntry(own);
}

/** `registry.example:5000` of `https://registry.example:5000/v1/`, as older engines wrote it. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function ofEntry({ auth = '', identitytoken }: z.infer<typeof entry>): Login | undefined {
  if (identitytoken) return { kind: 'identity', token: identitytoken };
  const plain = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const at = plain.indexOf(':');
  if (at < 1) return undefined;
  return { kind: 'password', user: plain.slice(0, at), password: plain.slice(at + 1) };
}

/** Runs the program that docker itself would run, and as it does. */
async function askHelper(
  name: string,
  key: string,
  { environment, home }: LoginSurroundings,
  signal: AbortSignal,
): Promise<Login | undefined> {
  // The name becomes part of a program's name, and must not become a path.
  if (!/^[\w.-]+$/.test(name)) return undefined;
  const output = await new Promise<string>((resolve) => {
    // Windows looks for programs where they start first, and a repository may hold one of that name.
    const place = { cwd: home, env: { ...environment }, windowsHide: true };
    const options = { ...place, signal, maxBuffer: 64 * 1024 };
    const child = execFile(`docker-credential-${name}`, ['get'], options, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
    // A helper that does not start or read closes the pipe.
    child.stdin?.on('error', () => undefined).end(key);
    const end = () => {
      // It is only asked to go by its signal; and what it started itself may hold the pipe open.
      child.kill('SIGKILL');
      child.stdout?.destroy();
    };
    signal.addEventListener('abort', end, { once: true });
  }).catch(() => ''); // Some systems throw where others tell that it does not start.
  const given = answer.safeParse(parsed(output));
  if (!given.success) return undefined;
  const { Username: user, Secret: secret } = given.data;
  return user === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', user, password: secret };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
