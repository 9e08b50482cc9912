import { z } from 'zod';

import { withDeadline } from '../base/deadline';
import { WarRoomError } from '../base/errors';
import type { Log } from '../base/log';
import { fullName } from '../remediation/imageReference';
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
const tagGrammar = /^\w[\w.-]{0,127}$/;

/** Tag lists by the OCI distribution protocol, with the logins of the person's docker settings. */
export function tagLists(options: TagListOptions): ImageTags {
  const { log, deadlineMs = listLimits.deadlineMs } = options;
  return {
    async tagsOf(repository, signal) {
      const of = `the tags of ${fullName(repository)}`;
      log.info(`Asking for ${of}.`);
      const answer = await withDeadline(`Asking for ${of}`, deadlineMs, signal, (within) =>
        new Question(repository, options, within).answer(),
      ).catch((error: unknown) => unheard(error, deadlineMs));
      const said =
        answer.kind === 'unheard'
          ? `not heard: ${answer.why}`
          : `${answer.tags.length}${answer.isComplete ? '' : ', and there are more'}`;
      log.info(`Asked for ${of}: ${said}.`);
      return answer;
    },
  };
}

function unheard(error: unknown, deadlineMs: number): TagAnswer {
  if (error instanceof Unheard) return { kind: 'unheard', why: error.message };
  if (!WarRoomError.is(error, 'deadline')) throw error;
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
      for (const tag of list.data.tags ?? []) if (tagGrammar.test(tag)) tags.add(tag);
      const next = nextPage(response.headers.get('link'), url);
      if (next === 'elsewhere') break;
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
    const { registry } = this.repository;
    return new Unheard(
      this.login
        ? 'it does not take the login of your docker settings (401)'
        : `it wants a login (401): run \`docker login${registry === 'docker.io' ? '' : ` ${registry}`}\``,
    );
  }
}
