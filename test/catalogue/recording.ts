import { setTimeout as sleep } from 'node:timers/promises';

import type { CatalogueEntry, Tool } from '../../src/catalog/entry';
import { startRequest } from '../../src/catalog/request';
import { plainText } from '../../src/catalog/text';
import type { Runtime, ServerProgram } from '../../src/pool/runtime';
import type { ServerSpec } from '../../src/pool/serverSpec';
import { Conversation } from './conversation';
import { needsLive, recordingValues } from './placeholders';
import { catalogueTool, recordedTools, transcriptText, type Header } from './transcript';

/** What the catalogue's data keeps of a start. */
export interface Recorded {
  startedOn: string | null;
  transcript: string | null;
  notStarted: string | null;
  tools: readonly Tool[];
}

const imageMs = 300_000;
const answerMs = 180_000;
const mostWords = 300;

/** Starts a server in a container, lets it list its tools and stops it. */
export async function record(
  entry: CatalogueEntry,
  runtime: Runtime,
  today: string,
): Promise<{ recorded: Recorded; transcript: string | null }> {
  const errorLines: string[] = [];
  const { spec, environment } = requestFor(entry);
  let program: ServerProgram | undefined;
  try {
    program = await runtime.start(
      { spec, environment, onErrorLine: (line) => errorLines.push(line) },
      AbortSignal.timeout(imageMs),
    );
    const conversation = new Conversation(program.input, program.output);
    await Promise.race([conversation.listTools(), ended(program), tooLate()]);
    const header: Header = {
      server: entry.name,
      program: programText(entry),
      recordedOn: today,
      args: entry.args,
      environment: Object.keys(environment).sort(),
    };
    const transcript = transcriptText(header, conversation.lines);
    const tools = recordedTools(conversation.lines).map(catalogueTool);
    if (tools.length === 0) throw new Error('it lists no tools');
    const recorded = {
      startedOn: today,
      transcript: `${entry.name}.jsonl`,
      notStarted: null,
      tools,
    };
    return { recorded, transcript };
  } catch (error) {
    const notStarted = lastWords(error, errorLines);
    return {
      recorded: { startedOn: null, transcript: null, notStarted, tools: [] },
      transcript: null,
    };
  } finally {
    await program?.stop();
  }
}

/** What leads nowhere needs no network: only who is given something real gets one. */
function requestFor(entry: CatalogueEntry): ReturnType<typeof startRequest> {
  const request = startRequest(entry, recordingValues(entry, process.env));
  const spec: ServerSpec = {
    ...request.spec,
    hosts: entry.name in needsLive ? request.spec.hosts : [],
  };
  return { ...request, spec };
}

async function ended(program: ServerProgram): Promise<never> {
  const how = await program.gone;
  // Its last lines may come after its end.
  await sleep(300);
  throw new Error(`it ${how}`);
}

async function tooLate(): Promise<never> {
  await sleep(answerMs, undefined, { ref: false });
  throw new Error(`it did not list its tools within ${answerMs / 1000} s`);
}

/** The error, and the last line of standard error that says something. */
function lastWords(error: unknown, lines: readonly string[]): string {
  const why = error instanceof Error ? error.message : String(error);
  const words = lines.filter((line) => !/^\s*at /.test(line));
  const telling = words.filter((line) => /error|fatal|cannot|failed|missing|not found/i.test(line));
  const last = telling.at(-1) ?? words.at(-1) ?? '';
  return plainText(last ? `${why}: ${last.trim()}` : why, mostWords);
}

function programText({ program }: CatalogueEntry): string {
  return 'package' in program
    ? `${program.kind}:${program.package}@${program.version}`
    : JSON.stringify(program);
}
