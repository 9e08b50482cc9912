import * as vscode from 'vscode';
import { messageOf, WarRoomError, type ErrorCode } from '../../base/errors';
import type { ChatModel, ModelMessage, ModelPart, ModelTurn } from '../../diagnosis/analysts/model';

/**
 * A language model of the editor, by its family or id; the first that is offered when none is named.
 * @throws code `model-denied` when there is none
 */
export async function chosenModel(wanted: string, signal: AbortSignal): Promise<ChatModel> {
  const models = await vscode.lm.selectChatModels();
  signal.throwIfAborted();
  const found = wanted
    ? models.find(({ id, family }) => id === wanted || family === wanted)
    : models[0];
  if (found) return new EditorModel(found);
  throw new WarRoomError(
    'model-denied',
    wanted
      ? `The editor offers no language model "${wanted}"; the playbooks answered alone. See the setting warRoom.model.editorModel.`
      : 'The editor offers no language model; the playbooks answered alone. Sign in to one, or switch warRoom.model.provider off.',
  );
}

/** `vscode.lm` as the diagnosis sees a model. It tells no prices, and tokens are counted here. */
class EditorModel implements ChatModel {
  readonly id: string;
  readonly label: string;
  readonly destination: string;
  readonly prices = null;

  constructor(private readonly model: vscode.LanguageModelChat) {
    this.id = `editor/${model.vendor}/${model.family}`;
    this.label = model.name;
    this.destination = model.vendor === 'copilot' ? 'GitHub Copilot' : model.vendor;
  }

  async ask(...[request, options]: Parameters<ChatModel['ask']>): Promise<ModelTurn> {
    const cancel = new vscode.CancellationTokenSource();
    const onAbort = () => cancel.cancel();
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      options.signal.throwIfAborted();
      // The API has no system part: what must hold stands before everything else.
      const messages = [
        vscode.LanguageModelChatMessage.User(request.system),
        ...request.messages.map(messageOfEditor),
      ];
      const tools = request.mustCall
        ? request.tools.filter(({ name }) => name === request.mustCall)
        : request.tools;
      const { Auto, Required } = vscode.LanguageModelChatToolMode;
      const response = await this.model.sendRequest(
        messages,
        {
          justification: 'War Room asks for the root cause of the incident that you diagnose.',
          tools: tools.map((tool) => ({ ...tool })),
          // Some models take "required" only with a single tool, and it is given only then.
          toolMode: request.mustCall && tools.length === 1 ? Required : Auto,
        },
        cancel.token,
      );
      const most = request.maxOutputTokens * charactersOfToken;
      const { parts, isCut } = await collected(response.stream, most, options.onText);
      if (isCut) cancel.cancel();
      return {
        parts,
        stop: isCut ? 'length' : parts.some(({ kind }) => kind === 'call') ? 'tools' : 'done',
        usage: isCut ? nothing : await this.counted(messages, parts, cancel.token),
      };
    } catch (error) {
      if (isBlocked(error)) return { parts: [], stop: 'refused', usage: nothing };
      throw asWarRoomError(error, this.label, options.signal);
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      cancel.dispose();
    }
  }

  private async counted(
    messages: readonly vscode.LanguageModelChatMessage[],
    parts: readonly ModelPart[],
    token: vscode.CancellationToken,
  ): Promise<ModelTurn['usage']> {
    const read = await Promise.all(messages.map((each) => this.model.countTokens(each, token)));
    const input = read.reduce((sum, count) => sum + count, 0);
    const output = await this.model.countTokens(JSON.stringify(parts), token);
    return { ...nothing, input, output };
  }
}

const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, isEstimate: true } as const;

/** The API takes no limit for an answer, so no more is read of it than this for each token. */
const charactersOfToken = 8;

async function collected(
  stream: AsyncIterable<unknown>,
  most: number,
  onText?: (text: string) => void,
): Promise<{ parts: ModelPart[]; isCut: boolean }> {
  const parts: ModelPart[] = [];
  let read = 0;
  for await (const part of stream) {
    if (read > most) return { parts, isCut: true };
    if (part instanceof vscode.LanguageModelTextPart) {
      read += part.value.length;
      onText?.(part.value);
      const last = parts.at(-1);
      if (last?.kind === 'text') {
        parts[parts.length - 1] = { kind: 'text', text: last.text + part.value };
      } else parts.push({ kind: 'text', text: part.value });
    } else if (part instanceof vscode.LanguageModelToolCallPart) {
      const { callId, name, input } = part;
      read += JSON.stringify(input).length;
      parts.push({ kind: 'call', call: callId, tool: name, arguments: input });
    }
  }
  return { parts, isCut: false };
}

type AnswerPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;

function messageOfEditor(message: ModelMessage): vscode.LanguageModelChatMessage {
  if (message.role === 'user') {
    return vscode.LanguageModelChatMessage.User(
      message.parts.map((part) =>
        part.kind === 'text'
          ? new vscode.LanguageModelTextPart(part.text)
          : new vscode.LanguageModelToolResultPart(part.call, [
              new vscode.LanguageModelTextPart(part.isError ? `Error: ${part.text}` : part.text),
            ]),
      ),
    );
  }
  return vscode.LanguageModelChatMessage.Assistant(
    message.parts.flatMap((part): AnswerPart[] => {
      if (part.kind === 'text') return [new vscode.LanguageModelTextPart(part.text)];
      if (part.kind !== 'call') return [];
      const given = part.arguments;
      const input = typeof given === 'object' && given !== null ? given : {};
      return [new vscode.LanguageModelToolCallPart(part.call, part.tool, input)];
    }),
  );
}

/** What the editor's own error codes mean for a diagnosis. */
const codes: Readonly<Record<string, ErrorCode>> = {
  NoPermissions: 'model-denied',
  NotFound: 'model-denied',
};

function isBlocked(error: unknown): boolean {
  return error instanceof vscode.LanguageModelError && error.code === 'Blocked';
}

function asWarRoomError(error: unknown, label: string, signal: AbortSignal): unknown {
  if (WarRoomError.is(error)) return error;
  if (signal.aborted) {
    return new WarRoomError('cancelled', `${label} was stopped.`, { cause: error });
  }
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  return new WarRoomError(
    codes[code] ?? 'model-unavailable',
    `${label} did not answer, so the playbooks' answer stands: ${messageOf(error)}`,
    { cause: error },
  );
}
