import { once } from 'node:events';

import { withDeadline } from '../../../base/deadline';
import { WarRoomError } from '../../../base/errors';
import { endChild, startNode } from '../../runtimes/nodeChild';
import type { FetchedPackage, PackageFacts } from '../fetchedPackage';
import type { NpmAnswer, NpmRequest } from './protocol';

const fetchMs = 10 * 60_000;
const graceMs = 500;

/** What the registry says of a package; nothing is fetched. @throws code `image-failed`, `cancelled` */
export async function npmFacts(
  script: string,
  request: Omit<NpmRequest, 'ask'>,
  signal: AbortSignal,
): Promise<PackageFacts> {
  const answer = await askNpm(script, { ...request, ask: 'facts' }, signal);
  if (answer.kind === 'facts') return answer.facts;
  throw failure(answer, request);
}

/**
 * Puts a package with all that it depends on into the request's folder; nothing of it is run.
 * @throws code `image-failed` with what to do; `cancelled`
 */
export async function fetchNpm(
  script: string,
  request: Omit<NpmRequest, 'ask'>,
  signal: AbortSignal,
): Promise<FetchedPackage> {
  const answer = await askNpm(script, { ...request, ask: 'package' }, signal);
  if (answer.kind === 'package') return answer.fetched;
  throw failure(answer, request);
}

function failure(answer: NpmAnswer, { program }: Omit<NpmRequest, 'ask'>): WarRoomError {
  const message =
    answer.kind === 'failed'
      ? answer.message
      : `${program.package} was not fetched, since npm's answer was not understood; try again.`;
  return new WarRoomError('image-failed', message);
}

/** @param script the bundle of `main.ts` */
async function askNpm(
  script: string,
  request: NpmRequest,
  signal: AbortSignal,
): Promise<NpmAnswer> {
  const { package: name, version } = request.program;
  return await withDeadline(`Fetching ${name}@${version}`, fetchMs, signal, async (within) => {
    const child = startNode(script, [], wholeEnvironment());
    const end = () => void endChild(child, graceMs);
    within.addEventListener('abort', end, { once: true });
    try {
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      child.stderr.on(
        'data',
        (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)),
      );
      child.stdin.on('error', () => undefined);
      child.stdin.write(`${JSON.stringify(request)}\n`);
      await once(child, 'close');
      if (output.endsWith('\n')) return JSON.parse(output) as NpmAnswer;
      throw new Error(
        `The process that fetches packages ended without an answer. ${errors}`.trim(),
      );
    } finally {
      within.removeEventListener('abort', end);
    }
  });
}

/** npm's settings, proxies and certificates may stand in any variable of the person. */
function wholeEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
