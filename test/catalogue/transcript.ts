import type { Tool } from '../../src/catalog/entry';
import { firstSentence } from '../../src/catalog/text';
import type { Line, Message } from './conversation';

/** The first line of a transcript: what was started, when and how. */
export interface Header {
  server: string;
  program: string;
  recordedOn: string;
  /** The arguments that followed the program; values of variables are left out. */
  args: readonly string[];
  /** Names of the variables that were set. */
  environment: readonly string[];
}

/** A tool as a transcript keeps it: its texts cut short, of its arguments names and types. */
export interface RecordedTool {
  name: string;
  description?: string;
  annotations?: Record<string, unknown>;
  inputSchema: {
    type: string;
    properties?: Record<string, { type?: unknown; enum?: unknown }>;
    required?: readonly string[];
  };
}

const longestText = 200;

/** JSON lines: the header, then what was said, with what is long cut short. */
export function transcriptText(header: Header, lines: readonly Line[]): string {
  const kept = lines
    .filter(
      ({ message }) =>
        message.method === undefined || message.id !== undefined || isInitialized(message),
    )
    .map(({ from, message }) => ({ from, message: shortened(message) }));
  return [header, ...kept].map((line) => `${JSON.stringify(line)}\n`).join('');
}

export function parseTranscript(text: string): { header: Header; lines: readonly Line[] } {
  const [header, ...lines] = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return { header: header as Header, lines: lines as Line[] };
}

/** The tools that the server listed, over all pages. */
export function recordedTools(lines: readonly Line[]): readonly RecordedTool[] {
  return lines.flatMap(({ from, message }) =>
    from === 'server' ? ((message.result?.['tools'] as RecordedTool[] | undefined) ?? []) : [],
  );
}

/** As the catalogue's data has it. */
export function catalogueTool({ name, description = '', annotations }: RecordedTool): Tool {
  return {
    name,
    description: firstSentence(description, 120),
    readOnly: annotations?.['readOnlyHint'] === true,
  };
}

function isInitialized({ method }: Message): boolean {
  return method === 'notifications/initialized';
}

function shortened(message: Message): Message {
  const { result } = message;
  if (!result) return message;
  const { tools, instructions, ...others } = result;
  return {
    ...message,
    result: {
      ...others,
      ...(typeof instructions === 'string' ? { instructions: cut(instructions) } : {}),
      ...(Array.isArray(tools)
        ? { tools: tools.map((tool) => shortTool(tool as RecordedTool)) }
        : {}),
    },
  };
}

function shortTool({ name, description, annotations, inputSchema }: RecordedTool): RecordedTool {
  const properties = Object.entries(inputSchema.properties ?? {}).map(
    ([key, { type, enum: values }]) => [
      key,
      {
        ...(type === undefined ? {} : { type }),
        ...(values === undefined ? {} : { enum: values }),
      },
    ],
  );
  return {
    name,
    ...(description === undefined ? {} : { description: cut(description) }),
    ...(annotations === undefined ? {} : { annotations }),
    inputSchema: {
      type: inputSchema.type,
      ...(properties.length > 0
        ? {
            properties: Object.fromEntries(properties) as RecordedTool['inputSchema']['properties'],
          }
        : {}),
      ...(inputSchema.required && inputSchema.required.length > 0
        ? { required: inputSchema.required }
        : {}),
    },
  };
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
