import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { anthropicModel } from '../../../../src/diagnosis/analysts/anthropic/client';
import type { ModelRequest } from '../../../../src/diagnosis/analysts/model';
import { ModelServer, type Received, type Reply } from '../../../harness/modelServer';

const never = new AbortController().signal;
const quick = { 'retry-after-ms': '2' };
const request: ModelRequest = {
  system: 'Find it.',
  messages: [{ role: 'user', parts: [{ kind: 'text', text: 'evidence', stays: true }] }],
  tools: [{ name: 'answer', description: 'Answers', inputSchema: { type: 'object' } }],
  mustCall: null,
  maxOutputTokens: 1_000,
};

async function asked(
  reply: (received: Received, count: number) => Reply,
  more: Partial<ModelRequest> = {},
) {
  await using server = await ModelServer.start(reply);
  const model = anthropicModel({
    apiKey: 'key-1',
    model: 'claude-sonnet-5-5',
    baseUrl: server.url,
  });
  const heard: string[] = [];
  const options = { signal: never, onText: (text: string) => void heard.push(text) };
  const turn = await model.ask({ ...request, ...more }, options).then(
    (value) => ({ value, code: null }),
    (error: { code?: string }) => ({ value: null, code: error.code ?? 'no code' }),
  );
  return { ...turn, heard, received: server.received };
}

const calls: Reply = {
  blocks: [
    { type: 'thinking', thinking: 'hm', signature: 'signed' },
    { type: 'text', text: 'Grüße 🚒' },
    { type: 'tool_use', name: 'answer', input: { a: [1, 'é'] } },
  ],
};

describe('The client of the Anthropic API', () => {
  it('puts an answer together from events in pieces', async () => {
    const { value, heard, received } = await asked(() => calls);
    expect(value).toEqual({
      parts: [
        { kind: 'own', value: { type: 'thinking', thinking: 'hm', signature: 'signed' } },
        { kind: 'text', text: 'Grüße 🚒' },
        { kind: 'call', call: 'toolu_2', tool: 'answer', arguments: { a: [1, 'é'] } },
      ],
      stop: 'tools',
      usage: { input: 100, output: 50, cacheRead: 40, cacheWrite: 60, isEstimate: false },
    });
    expect(heard.join('')).toBe('Grüße 🚒');
    expect(received[0]?.headers.authorization).toBe('Bearer key-1');
  });

  it('marks system, tools and evidence to be cached, and gives thinking back as it came', async () => {
    const { value } = await asked(() => calls);
    const { received } = await asked(() => calls, {
      messages: [
        ...request.messages,
        { role: 'assistant', parts: value?.parts ?? [] },
        { role: 'user', parts: [{ kind: 'result', call: 'toolu_2', text: 'no', isError: true }] },
      ],
    });
    const json = received[0]?.json;
    expect(json?.system[0]?.cache_control).toEqual({ type: 'ephemeral' });
    expect(json?.tools.at(-1)?.cache_control).toEqual({ type: 'ephemeral' });
    expect(json?.messages[0]?.content[0]?.['cache_control']).toEqual({ type: 'ephemeral' });
    expect(json?.messages[1]?.content[0]).toEqual({
      type: 'thinking',
      thinking: 'hm',
      signature: 'signed',
    });
    expect(json?.messages[2]?.content[0]).toMatchObject({ type: 'tool_result', is_error: true });
  });

  it.each([429, 500, 529])('tries again after %i', async (status) => {
    const { value, received } = await asked((_, count) =>
      count < 2 ? { status, error: 'overloaded_error', headers: quick } : calls,
    );
    expect(value?.stop).toBe('tools');
    expect(received).toHaveLength(3);
  });

  it.each([
    [401, 'authentication_error', 'model-denied'],
    [403, 'permission_error', 'model-denied'],
    [400, 'invalid_request_error', 'model-failed'],
    [429, 'rate_limit_error', 'model-busy'],
    [529, 'overloaded_error', 'model-busy'],
    [500, 'api_error', 'model-unavailable'],
  ])('says what %i means when it stays', async (status, error, code) => {
    expect((await asked(() => ({ status, error, headers: quick }))).code).toBe(code);
  });

  it('asks again for a stream that was cut or that failed', async () => {
    const replies: Reply[] = [
      { blocks: [{ type: 'text', text: 'half of it' }], cutAfter: 3 },
      { streamError: 'overloaded_error' },
      calls,
    ];
    const { value, received } = await asked((_, count) => replies[count] ?? calls);
    expect(value?.stop).toBe('tools');
    expect(received).toHaveLength(3);
  });

  it('gives up on a stream that is cut again and again', async () => {
    const cut: Reply = { blocks: [{ type: 'text', text: 'half of it' }], cutAfter: 3 };
    expect((await asked(() => cut)).code).toBe('model-unavailable');
  });

  it.each([
    ['refusal', 'refused'],
    ['max_tokens', 'length'],
    ['end_turn', 'done'],
  ])('tells %s by its reason', async (stop, expected) => {
    const { value } = await asked(() => ({ blocks: [{ type: 'text', text: 'No.' }], stop }));
    expect(value?.stop).toBe(expected);
  });

  it('hands on arguments that are no JSON as the text that they are', async () => {
    const { value } = await asked(() => ({
      blocks: [{ type: 'tool_use', name: 'answer', json: '{"a": [1, ' }],
    }));
    expect(value?.parts[0]).toMatchObject({ arguments: '{"a": [1, ' });
  });

  it('follows no redirection, which would take evidence and key elsewhere', async () => {
    await using elsewhere = await ModelServer.start(() => calls);
    const moved = { status: 307, error: 'moved', headers: { location: elsewhere.url } };
    expect((await asked(() => moved)).code).toBe('model-failed');
    expect(elsewhere.received).toEqual([]);
  });

  it('gives up on an answer that does not end', async () => {
    const endless = `: ${'x'.repeat(64 * 1024)}\n\n`;
    const { code, received } = await asked(() => ({ endless }));
    expect(code).toBe('model-failed');
    expect(received).toHaveLength(1);
  });

  it.each(['key-of-a-gateway', 'key\nof two lines'])(
    'names no key in an error: %j',
    async (key) => {
      await using server = await ModelServer.start(() => ({
        status: 401,
        error: `who knows ${key}`,
      }));
      const model = anthropicModel({ apiKey: key, model: 'm', baseUrl: server.url });
      const error: unknown = await model
        .ask(request, { signal: never })
        .catch((each: unknown) => each);
      expect(error).toHaveProperty('code');
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(key);
    },
  );

  it('asks no further for a cut answer than it may', async () => {
    const cut: Reply = { blocks: [{ type: 'text', text: 'half of it' }], cutAfter: 3 };
    await using server = await ModelServer.start(() => cut);
    const model = anthropicModel({ apiKey: 'k', model: 'm', baseUrl: server.url });
    const options = { signal: never, onCut: () => false };
    await expect(model.ask(request, options)).rejects.toMatchObject({ code: 'model-unavailable' });
    expect(server.received).toHaveLength(1);
  });

  it('stops when it is cancelled', async () => {
    await using server = await ModelServer.start(() => ({
      status: 429,
      error: 'rate_limit_error',
      headers: { 'retry-after': '60' },
    }));
    const model = anthropicModel({ apiKey: 'k', model: 'm', baseUrl: server.url });
    const cancel = new AbortController();
    const ended = model.ask(request, { signal: cancel.signal }).catch((error: unknown) => error);
    setTimeout(() => cancel.abort(), 50);
    expect(await ended).toMatchObject({ code: 'cancelled' });
  });
});
