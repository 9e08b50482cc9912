import { WarRoomError } from '../../../base/errors';
import { askScript } from '../../runtimes/askScript';
import type { FetchedPackage, PackageFacts } from '../fetchedPackage';
import type { NpmAnswer, NpmRequest } from './protocol';

const fetchMs = 10 * 60_000;

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
  const what = `Fetching ${name}@${version}`;
  return (await askScript(what, script, request, fetchMs, signal)) as NpmAnswer;
}
