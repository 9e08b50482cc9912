import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { z } from 'zod';

import type { Cluster } from './cluster';

/** Longest that one connection of a watch stays open before it is made anew. */
const connectionMs = 60_000;

/** One line of a watch. An error comes as an object with a status code. */
const told = z.object({
  type: z.string(),
  object: z
    .object({
      metadata: z.object({ resourceVersion: z.string().optional() }).loose().optional(),
      code: z.number().optional(),
    })
    .loose(),
});

/** How one connection of a watch ended. */
export type WatchEnd =
  /** `onChange` has seen what it waited for. */
  | { kind: 'seen' }
  /** The connection ended or could not be made: go on from this version. */
  | { kind: 'cut'; resourceVersion: string }
  /** The server no longer knows the version: read the object again. */
  | { kind: 'gone' };

/**
 * Follows one object from a version on over one connection, until `onChange` says that it has seen
 * enough or the connection ends; whoever calls it decides whether to go on. The Kubernetes client
 * has a watch too, which cannot be cancelled before the server answers.
 * @param path of the collection, for example `/apis/apps/v1/namespaces/shop/deployments`
 * @throws the signal's reason
 */
export async function watchObject(
  { config }: Pick<Cluster, 'config'>,
  path: string,
  from: { name: string; resourceVersion: string },
  onChange: (object: unknown) => boolean,
  signal: AbortSignal,
): Promise<WatchEnd> {
  const url = new URL((config.getCurrentCluster()?.server ?? '') + path);
  url.search = new URLSearchParams({
    watch: 'true',
    fieldSelector: `metadata.name=${from.name}`,
    resourceVersion: from.resourceVersion,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(connectionMs / 1000),
  }).toString();
  let { resourceVersion } = from;
  const stop = AbortSignal.any([signal, AbortSignal.timeout(connectionMs)]);
  try {
    for await (const line of linesOf(config, url, stop)) {
      const { type, object } = told.parse(JSON.parse(line));
      if (type === 'ERROR') {
        return object.code === 410 ? { kind: 'gone' } : { kind: 'cut', resourceVersion };
      }
      resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
      if (type !== 'BOOKMARK' && onChange(object)) return { kind: 'seen' };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused && error.status === 410) return { kind: 'gone' };
  }
  signal.throwIfAborted();
  return { kind: 'cut', resourceVersion };
}

/** The server answered a watch with a status other than 200. */
class Refused extends Error {
  constructor(readonly status: number | undefined) {
    super(`status ${status}`);
  }
}

async function* linesOf(
  config: Cluster['config'],
  url: URL,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const options: https.RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const request = (url.protocol === 'http:' ? http : https).get(url, options);
  // Told again when it is destroyed, with nobody waiting for it any more.
  request.on('error', () => undefined);
  try {
    const [response] = (await once(request, 'response', { signal })) as [http.IncomingMessage];
    if (response.statusCode !== 200) throw new Refused(response.statusCode);
    let rest = '';
    for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    request.destroy();
  }
}
