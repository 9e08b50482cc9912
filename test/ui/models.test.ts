import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { ModelServer } from '../harness/modelServer';
import { OnCall } from './onCall';
import { ProbeModel } from './probeModel';

const log = 'logs/grafana-oom.log';
const proof = { evidence: 'E1', line: 68, text: '      Reason:       OOMKilled' };

/** A model's answer that agrees with the playbooks. */
const answer = {
  verdict: 'incident',
  category: 'oom-killed',
  confidence: 0.95,
  summary: 'The kernel killed grafana at its memory limit.',
  mechanism: null,
  citations: [proof],
  alternatives: [],
};
const agrees = { parts: [{ call: { id: 'one', name: 'answer', input: answer } }] };

/** Models help only after a person said so, whoever offers them. */
describe('a language model', () => {
  let probe: ProbeModel;
  let desk: OnCall;

  beforeAll(async () => {
    probe = await ProbeModel.create([agrees]);
    desk = await OnCall.start(probe.session);
  });

  afterAll(async () => {
    await desk?.dispose();
    await probe?.[Symbol.asyncDispose]();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  const question = 'May War Room send evidence to';
  const diagnosed = () => desk.waitForState('awaiting-approval');

  test('of the editor is sent nothing while its person has not agreed', async () => {
    await probe.set(desk.workbench, { 'warRoom.model.provider': 'editor' });
    await desk.diagnose(log);
    const asked = desk.workbench.dialog();
    expect(await asked.text()).toContain(`${question} Probe?`);
    expect(await asked.buttons()).toEqual(expect.arrayContaining(['Send', 'Playbooks Only']));
    await desk.workbench.screenshotInBothThemes('model-notice');
    await desk.page.keyboard.press('Escape');
    expect((await diagnosed()).category).toBe('oom-killed');
    expect(await probe.requests()).toEqual([]);
  });

  test('of the editor is shown masked lines, and its answer is checked against them', async () => {
    await appendFile(
      join(desk.folder, log),
      'DATABASE_URL=postgres://grafana:Tr0ub4dor-and-3@db:5432/g\n',
    );
    await desk.diagnose(log);
    // A question that was only closed comes again.
    await desk.workbench.dialog().press('Send');
    const { notes, rootCause } = await diagnosed();
    expect(notes).toContain('Probe agrees: oom-killed.');
    expect(rootCause?.evidence[0]?.text).toContain('OOMKilled');
    const [request, ...others] = await probe.requests();
    expect(others).toEqual([]);
    expect(request?.options.tools?.map(({ name }) => name)).toContain('answer');
    const sent = JSON.stringify(request?.messages);
    expect(sent).toContain('Reason:       OOMKilled');
    expect(sent).not.toContain('Tr0ub4dor');
    expect(sent).not.toContain(desk.folder);
  });

  test('of the editor that refuses leaves the answer of the playbooks', async () => {
    await probe.answer([{ error: 'NoPermissions' }]);
    await desk.diagnose(log);
    const { notes, category } = await diagnosed();
    expect(notes.join('\n')).toMatch(/Probe did not answer, so the playbooks' answer stands/);
    expect(category).toBe('oom-killed');
  });

  test('of the Anthropic API has its key in the secret storage, and nothing else', async () => {
    const { workbench } = desk;
    await using server = await ModelServer.start(() => ({
      blocks: [{ type: 'tool_use', name: 'answer', input: answer }],
    }));
    await probe.set(workbench, {
      'warRoom.model.provider': 'anthropic',
      'warRoom.model.anthropicBaseUrl': server.url,
    });
    await desk.diagnose(log);
    expect((await diagnosed()).notes.join('\n')).toContain('There is no key for the Anthropic API');

    await desk.startOver();
    const key = `sk-ant-${'k'.repeat(40)}`;
    await workbench.runCommand('War Room: Set Anthropic Key…');
    await workbench.quickInput.waitForPrompt('Key of the Anthropic API');
    await workbench.quickInput.enter('hunter2');
    await workbench.quickInput.waitForPrompt('begins with sk-ant-');
    await workbench.quickInput.enter(key);
    await workbench.statusBarItem('The key of the Anthropic API was kept.').waitFor();
    await desk.diagnose(log);
    expect(await workbench.dialog().text()).toContain(question);
    await workbench.dialog().press('Send');
    expect((await diagnosed()).notes.join('\n')).toContain('agrees: oom-killed');
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`]);

    await desk.startOver();
    await workbench.runCommand('War Room: Clear Anthropic Key');
    await workbench.statusBarItem('The key of the Anthropic API was removed.').waitFor();
    await desk.diagnose(log);
    expect((await diagnosed()).notes.join('\n')).toContain('There is no key for the Anthropic API');
    expect(server.received).toHaveLength(1);
  });
});
