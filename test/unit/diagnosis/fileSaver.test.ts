import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Annotation, StateGraph, START, END, interrupt, Command } from '@langchain/langgraph';
import { validate } from '@langchain/langgraph-checkpoint-validation';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileSaver } from '../../../src/diagnosis/graph/fileSaver';

// The public suite expects the runner's functions as globals.
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it });

const folders = new Map<FileSaver, string>();

validate({
  checkpointerName: 'FileSaver',
  createCheckpointer() {
    const folder = mkdtempSync(path.join(tmpdir(), 'saver-'));
    const saver = new FileSaver(folder);
    folders.set(saver, folder);
    return saver;
  },
  destroyCheckpointer(saver: FileSaver) {
    rmSync(folders.get(saver) ?? '', { recursive: true, force: true });
  },
});

describe('FileSaver over processes', () => {
  const State = Annotation.Root({ seen: Annotation<string[]> });
  const graphOn = (folder: string) =>
    new StateGraph(State)
      .addNode('ask', (state) => ({ seen: [...state.seen, interrupt<string, string>('what?')] }))
      .addEdge(START, 'ask')
      .addEdge('ask', END)
      .compile({ checkpointer: new FileSaver(folder) });
  const config = { configurable: { thread_id: 'incident-20260101000000' } };

  it('resumes an interrupt with a saver that only has the folder', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'saver-'));
    await graphOn(folder).invoke({ seen: ['a'] }, config);
    const end = await graphOn(folder).invoke(new Command({ resume: 'b' }), config);
    expect(end.seen).toEqual(['a', 'b']);
  });

  it('drops a line that a crash tore, and goes on from the step before', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'saver-'));
    await graphOn(folder).invoke({ seen: ['a'] }, config);
    const [journal] = readdirSync(folder);
    appendFileSync(path.join(folder, journal ?? ''), '{"put":{"ns":"","id":"1f');
    const end = await graphOn(folder).invoke(new Command({ resume: 'b' }), config);
    expect(end.seen).toEqual(['a', 'b']);
    const again = await graphOn(folder).getState(config);
    expect(again.values).toEqual({ seen: ['a', 'b'] });
  });
});
