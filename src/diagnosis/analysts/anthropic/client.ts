import Anthropic, { APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';

import { WarRoomError, messageOf } from '../../../base/errors';
import { boundedFetch } from './boundedFetch';
import { pricesOf } from './prices';
import { TurnBuilder, paramsOf } from './turn';
import type { ChatModel, ModelRequest, ModelTurn } from '../model';

export interface AnthropicOptions {
  apiKey: string;
  model: string;
  /** Address of the API. */
  baseUrl: string;
}

/** What the SDK tries again before an answer begins: 408, 409, 429, 5xx, no connection. */
const retries = 3;
/** Streams that are cut, or that end in an error, are asked for again. */
const attempts = 3;

/** The Anthropic API as a model of the diagnosis. */
export function anthropicModel({ apiKey, model, baseUrl }: AnthropicOptions): ChatModel {
  const client = new Anthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: retries,
    fetch: boundedFetch,
    // Standard output is for results, and nothing is traced.
    logLevel: 'off',
    openTelemetry: false,
  });
  return {
    id: `anthropic/${model}`,
    label: model,
    destination: new URL(baseUrl).host,
    prices: pricesOf(model),
    ask: async (request, { signal, onText, onCut }) => {
      const mayAskAgain = (attempt: number) => attempt < attempts && (onCut?.() ?? true);
      for (let attempt = 1; ; attempt++) {
        try {
          const turn = await streamed(client, model, request, signal, onText ?? (() => undefined));
          if (turn !== null) return turn;
          if (!mayAskAgain(attempt)) throw cut();
        } catch (error) {
          if (signal.aborted)
            throw new WarRoomError('cancelled', 'Asking the model was cancelled.');
          if (!mayEndOtherwise(error) || !mayAskAgain(attempt))
            throw failure(error, baseUrl, apiKey);
        }
      }
    },
  };
}

/** One answer; null where its stream ended early. */
async function streamed(
  client: Anthropic,
  model: string,
  request: ModelRequest,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<ModelTurn | null> {
  const builder = new TurnBuilder(onText);
  const events = await client.messages.create(
    { ...paramsOf(request), model, stream: true },
    { signal },
  );
  for await (const event of events) builder.add(event);
  return builder.turn();
}

/** An error inside a stream has no status: the SDK could not try it again, so we do. */
function mayEndOtherwise(error: unknown): boolean {
  if (WarRoomError.is(error) || error instanceof APIUserAbortError) return false;
  if (!(error instanceof APIError)) return true;
  return error.status === undefined && !(error instanceof APIConnectionError);
}

function cut(): WarRoomError {
  return new WarRoomError(
    'model-unavailable',
    'The connection to the Anthropic API was cut in the middle of an answer, so it was given up.',
  );
}

/** What the service says may repeat what it was sent: the key stands in no error. */
function failure(error: unknown, baseUrl: string, apiKey: string): WarRoomError {
  if (WarRoomError.is(error)) return error;
  const told =
    error instanceof APIError ? (error.apiMessage ?? error.type ?? '') : messageOf(error);
  const said = told.replaceAll(apiKey, '…');
  const [code, sentence] = classOf(error, new URL(baseUrl).host);
  // Without its cause, which holds the whole answer of the service.
  return new WarRoomError(code, said === '' ? sentence : `${sentence} (${said.slice(0, 200)})`);
}

function classOf(error: unknown, host: string): [WarRoomError['code'], string] {
  const api = error instanceof APIError ? error : undefined;
  const status = api?.status as number | undefined;
  const type = api?.type;
  if (status === 401 || status === 403)
    return ['model-denied', `${host} refused the API key; set another one.`];
  if (status === 402) return ['model-denied', `${host} wants to be paid first.`];
  if (
    status === 429 ||
    status === 529 ||
    type === 'overloaded_error' ||
    type === 'rate_limit_error'
  )
    return ['model-busy', `${host} is overloaded or limits this key; try again later.`];
  if (status !== undefined && status < 500)
    return ['model-failed', `${host} did not take the request.`];
  return ['model-unavailable', `${host} cannot be reached or failed.`];
}
