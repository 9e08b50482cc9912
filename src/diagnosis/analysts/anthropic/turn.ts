import type {
  Message,
  MessageDeltaUsage,
  MessageParam,
  RawMessageStreamEvent,
  StopReason,
  TextBlockParam,
  Tool,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';

import type { ModelMessage, ModelPart, ModelRequest, ModelTurn, UserPart } from '../model';

const kept = { type: 'ephemeral' } as const;

/** The request in the API's words. What comes again in the next turn is marked to be cached. */
export function paramsOf({ system, messages, tools, maxOutputTokens }: ModelRequest) {
  return {
    max_tokens: maxOutputTokens,
    system: [{ type: 'text' as const, text: system, cache_control: kept }],
    tools: tools.map(({ name, description, inputSchema }, index): Tool => ({
      name,
      description,
      input_schema: { ...inputSchema, type: 'object' },
      ...(index === tools.length - 1 ? { cache_control: kept } : {}),
    })),
    messages: messages.map((message, index) => paramOf(message, index === messages.length - 1)),
    // Never forced, also where a tool must be called: models that think refuse to be.
    tool_choice: { type: 'auto' as const },
  };
}

function paramOf(message: ModelMessage, isLast: boolean): MessageParam {
  if (message.role === 'assistant') {
    // The API takes no empty text.
    const parts = message.parts.filter((part) => part.kind !== 'text' || part.text !== '');
    return { role: 'assistant', content: parts.map(blockOf) };
  }
  const content = message.parts.map(userBlockOf);
  const last = content.at(-1);
  if (isLast && last) last.cache_control = kept;
  return { role: 'user', content };
}

function userBlockOf(part: UserPart): TextBlockParam | ToolResultBlockParam {
  if (part.kind === 'text') {
    return { type: 'text', text: part.text, ...(part.stays ? { cache_control: kept } : {}) };
  }
  return {
    type: 'tool_result',
    tool_use_id: part.call,
    content: part.text,
    is_error: part.isError,
  };
}

type AssistantBlock = Exclude<
  Extract<MessageParam, { role: 'assistant' }>['content'],
  string
>[number];

function blockOf(part: ModelPart): AssistantBlock {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'call':
      // Arguments that were no JSON cannot go back; the result that follows says so.
      return {
        type: 'tool_use',
        id: part.call,
        name: part.tool,
        input: typeof part.arguments === 'object' ? (part.arguments ?? {}) : {},
      };
    case 'own':
      return part.value as AssistantBlock;
  }
}

/** A block of an answer while it comes. */
interface Coming {
  part: ModelPart;
  json: string;
}

/** Puts an answer together from the events of its stream. */
export class TurnBuilder {
  private readonly coming = new Map<number, Coming>();
  private usage: ModelTurn['usage'] = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    isEstimate: false,
  };
  private reason: StopReason | null = null;
  private isWhole = false;

  constructor(private readonly onText: (text: string) => void) {}

  add(event: RawMessageStreamEvent): void {
    switch (event.type) {
      case 'message_start':
        this.count(event.message.usage);
        break;
      case 'content_block_start':
        this.coming.set(event.index, { part: partOf(event.content_block), json: '' });
        break;
      case 'content_block_delta':
        this.extend(event.index, event.delta);
        break;
      case 'message_delta':
        this.reason = event.delta.stop_reason;
        this.count(event.usage);
        break;
      case 'message_stop':
        this.isWhole = true;
        break;
      case 'content_block_stop':
        break;
    }
  }

  /** The answer; null where the stream ended before it was whole. */
  turn(): ModelTurn | null {
    if (!this.isWhole || this.reason === null) return null;
    const parts = [...this.coming.values()].map(ended);
    return { parts, stop: stopOf(this.reason), usage: this.usage };
  }

  private extend(
    index: number,
    delta: Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>['delta'],
  ): void {
    const block = this.coming.get(index);
    if (!block) return;
    const { part } = block;
    if (delta.type === 'input_json_delta') block.json += delta.partial_json;
    if (delta.type === 'text_delta' && part.kind === 'text') {
      block.part = { ...part, text: part.text + delta.text };
      this.onText(delta.text);
    }
    if (part.kind === 'own') block.part = { kind: 'own', value: extended(part.value, delta) };
  }

  private count(usage: Message['usage'] | MessageDeltaUsage): void {
    this.usage = {
      input: usage.input_tokens ?? this.usage.input,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? this.usage.cacheRead,
      cacheWrite: usage.cache_creation_input_tokens ?? this.usage.cacheWrite,
      isEstimate: false,
    };
  }
}

function partOf(
  block: Extract<RawMessageStreamEvent, { type: 'content_block_start' }>['content_block'],
): ModelPart {
  if (block.type === 'text') return { kind: 'text', text: block.text };
  if (block.type === 'tool_use') {
    return { kind: 'call', call: block.id, tool: block.name, arguments: block.input };
  }
  return { kind: 'own', value: block };
}

/** A block that thinks goes back as it came, with its signature. */
function extended(value: unknown, delta: { type: string }): unknown {
  const block = value as Readonly<Record<string, unknown>>;
  if ('thinking' in delta) {
    const before = typeof block['thinking'] === 'string' ? block['thinking'] : '';
    return { ...block, thinking: `${before}${String(delta.thinking)}` };
  }
  return 'signature' in delta ? { ...block, signature: delta.signature } : block;
}

function ended({ part, json }: Coming): ModelPart {
  return part.kind === 'call' && json !== '' ? { ...part, arguments: parsed(json) } : part;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function stopOf(reason: StopReason): ModelTurn['stop'] {
  switch (reason) {
    case 'tool_use':
      return 'tools';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'refused';
    default:
      return 'done';
  }
}
