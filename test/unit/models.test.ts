import { describe, expect, it, vi } from 'vitest';

import type { Host } from '../../src/host';
import { noModels } from '../../src/host';
import { ModelDesk } from '../../src/models';
import { defaultSettings, type ModelSettings } from '../../src/settings';
import { testHost } from '../harness/host';

const { signal } = new AbortController();

function desk(
  model: Partial<ModelSettings>,
  more: Partial<Host> = {},
  key: string | undefined = 'kept',
) {
  const mayAsk = vi.fn(() => Promise.resolve(true));
  const host = testHost({
    settings: () => ({
      ...defaultSettings,
      model: { ...defaultSettings.model, provider: 'anthropic', ...model },
    }),
    models: { ...noModels, anthropicKey: () => Promise.resolve(key), mayAsk },
    ...more,
  });
  return { desk: new ModelDesk(host), mayAsk };
}

describe('The language model that the settings mean', () => {
  it('is none before the workspace is trusted, whatever is set', async () => {
    const untrusted = desk({}, { isTrusted: () => false });
    expect(await untrusted.desk.model(signal)).toBeNull();
    expect(untrusted.mayAsk).not.toHaveBeenCalled();
  });

  it('is none where the person does not want it to be asked', async () => {
    const asked = desk({});
    expect(await asked.desk.model(signal)).toMatchObject({ destination: 'api.anthropic.com' });
    asked.mayAsk.mockResolvedValue(false);
    expect(await asked.desk.model(signal)).toBeNull();
    expect(asked.mayAsk).toHaveBeenCalledTimes(2);
  });

  it('needs a key', async () => {
    await expect(desk({}, {}, '').desk.model(signal)).rejects.toMatchObject({
      code: 'model-denied',
    });
  });

  it('gets a kept key only where the person has it sent, and that of the environment where that says', async () => {
    const around = { ANTHROPIC_API_KEY: 'around', ANTHROPIC_BASE_URL: 'https://gateway.example' };
    const destination = async (key: string, model: Partial<ModelSettings> = {}) =>
      (await desk(model, { environment: () => around }, key).desk.model(signal))?.destination;
    expect(await destination('kept')).toBe('api.anthropic.com');
    expect(await destination('around')).toBe('gateway.example');
    const set = { anthropicBaseUrl: 'https://mine.example/v1' };
    expect(await destination('kept', set)).toBe('mine.example');
    expect(await destination('around', set)).toBe('mine.example');
  });

  it.each([
    ['http://gateway.example', false],
    ['http://127.0.0.1.gateway.example', false],
    ['http://localhost@gateway.example', false],
    ['gateway.example', false],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['http://localhost/v1', true],
  ])('sends nothing in the clear to another machine: %s', async (anthropicBaseUrl, isSent) => {
    const asked = desk({ anthropicBaseUrl }).desk.model(signal);
    if (isSent) expect((await asked)?.destination).toBe(new URL(anthropicBaseUrl).host);
    else await expect(asked).rejects.toMatchObject({ code: 'model-denied' });
  });
});

describe('The budget that the settings mean', () => {
  it.each([
    [{ maxTurns: 0 }, { turns: 1 }],
    [
      { maxTurns: 1e9, maxSeconds: 1e9 },
      { turns: 50, seconds: 240 },
    ],
    [
      { maxSeconds: -1, maxDollars: -1, maxTokens: -1 },
      { seconds: 5, dollars: 0, tokens: 1_000 },
    ],
    [
      { maxTurns: Number.NaN, maxTokens: Number.NaN },
      { turns: 8, tokens: 200_000 },
    ],
    [{ maxDollars: Number.POSITIVE_INFINITY }, { dollars: 1_000 }],
    [
      { maxSeconds: '600', maxDollars: null } as unknown as Partial<ModelSettings>,
      { seconds: 120, dollars: 0.5 },
    ],
  ])('is one that can be held: %j', (given, expected) => {
    expect(desk(given).desk.budget()).toMatchObject(expected);
  });
});
