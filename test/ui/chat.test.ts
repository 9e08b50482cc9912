import { createServer, type Server } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import type { DiagnoseResult } from '../../src/incident/result';
import { temporaryFolder } from '../harness/temporary';
import { OnCall } from './onCall';
import { Chat } from './page/chat';
import { ProbeModel } from './probeModel';

/** `@warroom` and the tools, in a real chat with a model of the probe extension. */
describe('the chat', () => {
  let probe: ProbeModel;
  let desk: OnCall;
  let chat: Chat;

  beforeAll(async () => {
    probe = await ProbeModel.create();
    desk = await OnCall.start(probe.session);
    chat = new Chat(desk.page, desk.workbench);
    await desk.workbench.openViewContainer('War Room');
    await chat.open();
  });

  afterAll(async () => {
    await desk?.dispose();
    await probe?.[Symbol.asyncDispose]();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  async function callTool(name: string, input: object, answer?: 'Yes' | 'Cancel') {
    await desk.workbench.runCommand('Probe: Call Tool');
    await desk.workbench.quickInput.waitForPrompt('Which tool, with what?');
    await desk.workbench.quickInput.enter(JSON.stringify({ name, input }));
    const asked = answer && (await desk.workbench.dialog().text());
    if (answer) await desk.workbench.dialog().press(answer);
    return { asked, ...(await probe.toolAnswer()) };
  }

  test('stops when the person stops it', async () => {
    const silent = await listening();
    await desk.useCluster(silent.address);
    try {
      const editor = await desk.workbench.openFile('logs/grafana-oom.log');
      await editor.selectLines(40, 110);
      await chat.begin('@warroom /diagnose');
      await chat.waitForText('collecting evidence');
      await chat.stop();
      await desk.waitForState('cancelled');
    } finally {
      await desk.forgetCluster();
      silent.server.close();
    }
  });

  test('answers with the cause, the lines that prove it, and what to do', async () => {
    const { workbench } = desk;
    const editor = await workbench.openFile('logs/grafana-oom.log');
    await editor.selectLines(40, 110);
    const answer = await chat.ask('@warroom /diagnose');
    const { id } = await desk.waitForState('awaiting-approval');
    expect(answer).toContain('grafana: Container killed for memory');
    expect(answer).toContain('limit of 512Mi');
    expect(answer).toContain(id);
    await workbench.screenshotInBothThemes('chat-answer');
    expect(await chat.buttons()).toEqual([
      ...['Show Change', 'Accept and Commit', 'Accept', 'Reject', 'Diagnose Again…'],
      'Open Incident Page',
    ]);
    await chat.follow('grafana-oom.log:68');
    await desk.page.locator('[id="status.editor.selection"]', { hasText: 'Ln 68' }).waitFor();

    expect(await chat.ask('@warroom /incident')).toContain(id);
    expect(await chat.ask(`@warroom /incident ${id}`)).toContain('limit of 512Mi');
    await chat.press('Open Incident Page');
    expect(await desk.incidentPage.title()).toBe('grafana: Container killed for memory');
    expect(await desk.commits()).toBe(0);
  });

  test('answers how the pool stands, and what is wrong with a question', async () => {
    expect(await chat.ask('@warroom /pool')).toMatch(/Running: [1-9]\d* of 10/);
    expect(await chat.ask('@warroom /incident incident-20200101000000')).toContain(
      'incident-20200101000000',
    );
    expect(await chat.ask('@warroom how are you?')).toContain('There is no log to diagnose yet');
    expect(await desk.incidents()).toEqual([]);
  });

  test('a tool diagnoses a file when the person says so, and changes nothing', async () => {
    const call = { file: 'logs/grafana-oom.log' };
    const refused = await callTool('war_room_diagnose', call, 'Cancel');
    expect(refused.asked).toContain('logs/grafana-oom.log');
    expect(refused.error).toContain('Cancel');
    expect(await desk.incidents()).toEqual([]);

    const { text = '' } = await callTool('war_room_diagnose', call, 'Yes');
    const result = JSON.parse(text) as DiagnoseResult;
    expect(result).toMatchObject({
      incident: { category: 'oom-killed', app: 'grafana', status: 'awaiting-approval' },
      proposal: { kind: 'values-edit', files: [{ path: 'helm-values/grafana/values.yaml' }] },
      outcome: 'proposed',
      commit: null,
      error: null,
    });
    expect(result.rootCause?.evidence[0]).toMatchObject({
      source: 'logs/grafana-oom.log',
      line: 68,
    });
    expect(await desk.git('status', '--porcelain', '--ignored')).toBe('');
    expect(await desk.commits()).toBe(0);

    const { text: listed = '' } = await callTool('war_room_incidents', {});
    expect(JSON.parse(listed)).toMatchObject({
      total: 1,
      incidents: [{ id: result.incident.id, category: 'oom-killed', outcome: 'proposed' }],
    });
    const { text: one = '' } = await callTool('war_room_incidents', { id: result.incident.id });
    expect(JSON.parse(one)).toMatchObject({ rootCause: result.rootCause });
  });

  test('a tool reads no file outside the workspace, and says what is wrong with a call', async () => {
    await using outside = await temporaryFolder('outside');
    const file = join(outside.path, 'app.log');
    await writeFile(file, 'java.lang.OutOfMemoryError: Java heap space\n');
    const { text = '' } = await callTool('war_room_diagnose', { file }, 'Yes');
    expect(JSON.parse(text)).toMatchObject({
      outcome: 'failed',
      error: { code: 'outside-workspace' },
    });
    expect(await desk.incidents()).toEqual([]);
    const { text: none = '' } = await callTool('war_room_incidents', {
      id: 'incident-20200101000000',
    });
    expect(JSON.parse(none)).toMatchObject({ error: { code: 'not-found' } });
    expect((await callTool('war_room_diagnose', {})).error).toContain('Give either');
  });
});

/** A cluster that takes every connection and never answers. */
async function listening(): Promise<{ server: Server; address: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens nowhere.');
  return { server, address: `https://127.0.0.1:${address.port}` };
}
