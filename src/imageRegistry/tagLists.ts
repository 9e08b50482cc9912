import { z } from 'zod';

import { withDeadline } from '../base/deadline';
import { messageOf, WarRoomError } from '../base/errors';
import type { Log } from '../base/log';
import { fullName, isTag } from '../remediation/imageReference';
import type { ImageRepository } from '../remediation/imageReference';
import type { ImageTags, TagAnswer } from '../remediation/imageTags';
import { baseOf } from './address';
import { authorizationFor } from './authorization';
import { jsonOf } from './json';
import { loginFor } from './login';
import type { Login, LoginSurroundings } from './login';
import { nextPage } from './nextPage';
import { get } from './request';
import type { Answer } from './request';
import { Unheard } from './unheard';

export interface TagListOptions extends LoginSurroundings {
  log: Log;
  /** All requests of one question together, the login included. */
  deadlineMs?: number;
}

/** What is read of one list. */
export const listLimits = { deadlineMs: 8_000, pages: 10, pageSize: 1_000, pageBytes: 2 * 2 ** 20 };

const tagList = z.object({ tags: z.array(z.string()).nullish() });
/** Signatures and the like, which registries keep as tags. */
const attached = /^sha256-[\da-f]{64}(?:\.|$)/;

/** Tag lists by the OCI distribution protocol, with the logins of the person's docker settings. */
export function tagLists(options: TagListOptions): ImageTags {
  const { log, deadlineMs = listLimits.deadlineMs } = options;
  return {
    async tagsOf(repository, signal) {
      const of = `the tags of ${fullName(repository)}`;
      log.info(`Asking for ${of}.`);
      const answer = await withDeadline(`Asking for ${of}`, deadlineMs, signal, (within) =>
        new Question(repository, options, within).answer(),
      ).catch((error: unknown) => unheard(error, deadlineMs, log));
      const said =
        answer.kind === 'unheard'
          ? `not heard: ${answer.why}`
          : `${answer.tags.length}${answer.isComplete ? '' : ', and there are more'}`;
      log.info(`Asked for ${of}: ${said}.`);
      return answer;
    },
  };
}

/** Whatever goes wrong here, the plan goes on without it. */
function unheard(error: unknown, deadlineMs: number, log: Log): TagAnswer {
  if (error instanceof Unheard) return { kind: 'unheard', why: error.message };
  if (WarRoomError.is(error, 'cancelled')) throw error;
  if (!WarRoomError.is(error, 'deadline')) {
    log.warn(`A registry could not be asked: ${messageOf(error)}`);
    return { kind: 'unheard', why: 'it could not be asked; see the log' };
  }
  return { kind: 'unheard', why: `it did not answer within ${deadlineMs / 1000} s` };
}

/** One question for one list: who asks is found out at the first page and kept for the others. */
class Question {
  private authorization: string | undefined;
  private login: Login | undefined;

  constructor(
    private readonly repository: ImageRepository,
    private readonly surroundings: LoginSurroundings,
    private readonly signal: AbortSignal,
  ) {}

  async answer(): Promise<TagAnswer> {
    const { registry, name } = this.repository;
    const base = baseOf(registry);
    const tags = new Set<string>();
    let page: URL | undefined = new URL(`v2/${name}/tags/list?n=${listLimits.pageSize}`, base);
    for (let number = 0; page && number < listLimits.pages; number++) {
      const { response, url } = await this.ask(base, page);
      if (!response.ok) throw await this.refusalOf(response);
      const list = tagList.safeParse(await jsonOf(response, listLimits.pageBytes));
      if (!list.success) throw new Unheard('its answer is no list of tags');
      const listed = list.data.tags ?? [];
      for (const tag of listed) if (isTag(tag) && !attached.test(tag)) tags.add(tag);
      const next = nextPage(response.headers.get('link'), url);
      // Some cut a list at what was asked for and say nothing.
      const isCut = next === undefined && listed.length >= listLimits.pageSize;
      if (next === 'elsewhere' || isCut) break;
      page = next;
    }
    return { kind: 'listed', tags: [...tags].sort(), isComplete: page === undefined };
  }

  /** Asks for a page, and once more with what a registry that asks who one is was told. */
  private async ask(base: URL, page: URL): Promise<Answer> {
    const first = await get(page, this.authorizationOf(base, page), this.signal);
    const header = first.response.headers.get('www-authenticate');
    const isAsked = first.response.status === 401 && first.url.origin === base.origin;
    if (!isAsked || header === null || this.authorization !== undefined) return first;
    await first.response.body?.cancel();
    this.login = await loginFor(this.repository.registry, this.surroundings, this.signal);
    this.authorization = await authorizationFor(
      header,
      base,
      this.repository,
      this.login,
      this.signal,
    );
    if (this.authorization === undefined) throw this.unauthorized();
    return await get(page, this.authorization, this.signal);
  }

  /** After a redirect the further pages may be at another origin, which is told nothing. */
  private authorizationOf(base: URL, page: URL): string | undefined {
    return page.origin === base.origin ? this.authorization : undefined;
  }

  private async refusalOf(response: Response): Promise<Unheard> {
    const { status } = response;
    // Else a body that never ends keeps its connection, and this process.
    if (status !== 404) await response.body?.cancel();
    if (status === 401) return this.unauthorized();
    if (status === 403) return new Unheard('it does not let you see this image (403)');
    if (status === 429) return new Unheard('it wants fewer questions for now (429)');
    if (status !== 404) return new Unheard(`it answered ${status}`);
    const text = JSON.stringify(await jsonOf(response, 64 * 1024).catch(() => ''));
    return /"NAME_(?:UNKNOWN|INVALID)"/.test(text)
      ? new Unheard(`it knows no image ${this.repository.name}, or shows it to others only (404)`)
      : new Unheard('it lists no tags (404)');
  }

  private unauthorized(): Unheard {
    const { registry, name } = this.repository;
    // Docker Hub gives everybody a token, and says so of what one may not see.
    if (this.authorization?.startsWith('Bearer ')) {
      return new Unheard(`it knows no image ${name}, or shows it to others only (401)`);
    }
    return new Unheard(
      this.login
        ? 'it does not take the login of your docker settings (401)'
        : `it wants a login (401): run \`docker login${registry === 'docker.io' ? '' : ` ${registry}`}\``,
    );
  }
}
