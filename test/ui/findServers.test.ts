import { existsSync } from 'node:fs';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import { json, listed, LoopbackRegistry, searched } from '../integration/catalog/registries';
import { missingEngine } from '../integration/mcp/engine';
import { need } from '../integration/mcp/prerequisite';
import { OnCall } from './onCall';

const command = 'War Room: Find More Servers…';
const question = 'What should a server know about?';
const patience = { deadlineMs: 60_000, intervalMs: 200 };

/** What somebody writes who wants to be clicked. */
const hostile = 'Zebras $(verified) for all. [Click](command:workbench.action.quit) **now**!';

/** The search for further servers, against registries on loopback. */
describe('Find More Servers', () => {
  let desk: OnCall;
  let folder: TemporaryFolder;
  let registry: LoopbackRegistry;
  let npm: LoopbackRegistry;

  beforeAll(async () => {
    folder = await temporaryFolder('find');
    registry = await LoopbackRegistry.start((_, response) =>
      json(response, {
        servers: [
          listed('zebra-stripes', { description: hostile }),
          listed('zebra-secret', {
            package: {
              environmentVariables: [{ name: 'ZEBRA_TOKEN', isRequired: true, isSecret: true }],
            },
          }),
        ],
        metadata: {},
      }),
    );
    npm = await LoopbackRegistry.start((_, response) =>
      json(response, { objects: [searched('mcp-zebra')], total: 1 }),
    );
    desk = await OnCall.start({
      settings: { 'warRoom.catalogue.registryUrl': registry.url },
      env: {
        // There is no engine until a test puts it there.
        DOCKER_HOST: `unix://${join(folder.path, 'docker.sock')}`,
        npm_config_registry: npm.url,
        npm_config_userconfig: join(folder.path, 'npmrc'),
      },
    });
  });

  afterAll(async () => {
    await desk?.dispose();
    await registry?.[Symbol.asyncDispose]();
    await npm?.[Symbol.asyncDispose]();
    await folder?.remove();
  });

  beforeEach(({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
  });

  async function search(words: string): Promise<void> {
    const { workbench } = desk;
    await workbench.runCommand(command);
    await workbench.quickInput.waitForPrompt(question);
    await workbench.quickInput.enter(words);
    await workbench.quickInput.waitForPrompt('Choose one to make it your own');
  }

  /** The label of a row, which ends in the server's score. */
  async function labelOf(server: string): Promise<string> {
    const label = new RegExp(`^(⊘ )?${server}\\s+\\d+/100$`);
    return await waitFor(`${server} in the list`, async () =>
      (await desk.workbench.quickInput.labels()).find((each) => label.test(each)),
    );
  }

  async function choose(server: string): Promise<void> {
    await desk.workbench.quickInput.choose(await labelOf(server));
  }

  const ownFile = () => join(desk.dataFolder, 'mcp.json');

  test('shows a server that cannot run here with the reason, and does not take it', async () => {
    const { workbench } = desk;
    await search('zebra');
    expect(registry.requests[0]?.url.searchParams.get('search')).toBe('zebra');
    expect(npm.requests[0]?.url.searchParams.get('text')).toContain('zebra');
    await choose('zebra-stripes');
    const said = workbench.notification('zebra-stripes cannot run here');
    expect(await said.text()).toMatch(/docker/i);
    await workbench.quickInput.waitForPrompt('Choose one');
    await workbench.quickInput.cancel();
    expect(existsSync(ownFile())).toBe(false);
  });

  test('makes the chosen one the person’s own, and shows where it stands', async (context) => {
    need(context, await missingEngine());
    const { workbench, page } = desk;
    const engine = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
    await rm(join(folder.path, 'docker.sock'), { force: true });
    await symlink(engine, join(folder.path, 'docker.sock'));
    await workbench.runCommand('Notifications: Clear All Notifications');
    // What answered before is asked again for other words only.
    npm.answers((_, response) => json(response, { error: 'broken' }, 500));
    await search('zebra stripes');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'zebra-stripes' });
    const text = await row.first().innerText();
    expect(text).toContain('io.example · npm:@example/zebra-stripes@1.2.3');
    expect(text).toContain('Zebras $ (verified) for all.');
    expect(text).not.toContain('command:');
    expect(await row.first().locator('.codicon-verified').count()).toBe(0);
    const note = page.locator('.quick-input-list').getByText('The npm registry did not answer');
    await note.first().waitFor();
    await workbench.screenshotInBothThemes('find-servers');

    await choose('zebra-stripes');
    await workbench.notification('is one of your own servers now').press('Open mcp.json');
    await workbench.waitForTab('mcp.json');
    expect(JSON.parse(await readFile(ownFile(), 'utf8'))).toEqual({
      servers: {
        'zebra-stripes': {
          command: 'npx',
          args: ['-y', '@example/zebra-stripes@1.2.3'],
          env: {},
        },
      },
    });
    await workbench.editor().waitForText('@example/zebra-stripes@1.2.3');
    await search('zebra stripes');
    await choose('zebra-stripes');
    await workbench.notification('is known to War Room already').text();
  });

  test('says what a server needs', async (context) => {
    need(context, await missingEngine());
    const { workbench } = desk;
    await search('zebra secret');
    await choose('zebra-secret');
    const said = workbench.notification('It needs ZEBRA_TOKEN.');
    expect((await said.buttons()).sort()).toEqual(['Open mcp.json', 'Set Server Credentials…']);
    await said.press('Set Server Credentials…');
    await workbench.quickInput.waitForPrompt('Which server?');
    await workbench.quickInput.filter('zebra-secret');
    await workbench.quickInput.choose('zebra-secret');
    await workbench.quickInput.waitForPrompt('ZEBRA_TOKEN');
    await workbench.quickInput.cancel();
  });

  test('begins with the keywords of the incident that it is asked for', async () => {
    const { workbench, page } = desk;
    await workbench.openViewContainer('War Room');
    const { keywords } = await desk.diagnoseGrafana();
    await workbench.view('Incidents').item('grafana').pressInMenu('Find More Servers…');
    await workbench.quickInput.waitForPrompt(question);
    const input = page.locator('.quick-input-widget:visible .quick-input-box input');
    expect(keywords.length).toBeGreaterThan(0);
    expect(await input.inputValue()).toBe(keywords.join(' '));
    await workbench.quickInput.cancel();
  });

  test('can be cancelled while a registry is slow', async () => {
    const { workbench } = desk;
    npm.answers(() => undefined);
    await workbench.runCommand(command);
    await workbench.quickInput.waitForPrompt(question);
    await workbench.quickInput.enter('quagga');
    await workbench.notification('searching MCP servers for "quagga"').press('Cancel');
    await waitFor(
      'the search to end',
      async () => (await workbench.notifications()).every((each) => !each.includes('quagga')),
      patience,
    );
    expect(await workbench.quickInput.isOpen()).toBe(false);
  });
});
