import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../harness/paths';
import { temporaryFolder, type TemporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import type { Workbench } from './page/workbench';

/** A part of a model's answer. */
export type ScriptedPart =
  | { readonly text: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly input: object } };

/** One answer of the model, or how it refuses. */
export type ScriptedTurn =
  | { readonly parts: readonly ScriptedPart[] }
  | { readonly error: 'NoPermissions' | 'Blocked' | 'NotFound' };

/** What the model was asked once; `messages` as VS Code handed them over. */
export interface ModelRequest {
  readonly messages: readonly unknown[];
  readonly options: { readonly tools?: readonly { readonly name: string }[] };
}

/** A language model that answers from a script, and another extension that calls tools: see the probe's `model.js`. */
export class ProbeModel implements AsyncDisposable {
  private constructor(private readonly folder: TemporaryFolder) {}

  static async create(
    script: readonly ScriptedTurn[] = [{ parts: [{ text: 'Hello.' }] }],
  ): Promise<ProbeModel> {
    const probe = new ProbeModel(await temporaryFolder('probe'));
    await probe.answer(script);
    return probe;
  }

  /** What a session needs for it. */
  get session() {
    return {
      extensions: [join(projectRoot, 'test', 'harness', 'probeExtension')],
      settings: { 'chat.disableAIFeatures': false },
      env: { PROBE_FOLDER: this.folder.path },
    };
  }

  /** From now on the model answers with these turns, the last one again and again. */
  async answer(script: readonly ScriptedTurn[]): Promise<void> {
    await writeFile(this.file('script.json'), JSON.stringify(script));
    await rm(this.file('requests.jsonl'), { force: true });
  }

  /** Everything that the model was asked since {@link answer}. */
  async requests(): Promise<ModelRequest[]> {
    const text = await readFile(this.file('requests.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as ModelRequest);
  }

  /** Changes the person's own settings, also those that count in every workspace alike. */
  async set(workbench: Workbench, settings: Readonly<Record<string, unknown>>): Promise<void> {
    await workbench.runCommand('Probe: Set');
    await workbench.quickInput.waitForPrompt('Which setting, to what?');
    await workbench.quickInput.enter(JSON.stringify(settings));
    await workbench.notification('The probe has set it.').press('Good');
  }

  /** What the called tool gave back: its text, or the error. */
  async toolAnswer(): Promise<{ text?: string; error?: string }> {
    const file = this.file('tool.json');
    const text = await waitFor('the answer of the tool', () => readFile(file, 'utf8'), {
      deadlineMs: 90_000,
      intervalMs: 200,
    });
    await rm(file);
    return JSON.parse(text) as { text?: string; error?: string };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder.remove();
  }

  private file(name: string): string {
    return join(this.folder.path, name);
  }
}
