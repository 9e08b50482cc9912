import type { Locator, Page } from 'playwright-core';

import { waitFor } from '../../harness/wait';
import type { Workbench } from './workbench';

/** The chat view. What is asked goes through the probe extension, as from another extension. */
export class Chat {
  private readonly answers: Locator;
  private questions = 0;
  /** There while something is answered. */
  private readonly stopButton: Locator;

  constructor(
    private readonly page: Page,
    private readonly workbench: Workbench,
  ) {
    this.answers = page.locator('.interactive-session .interactive-response');
    this.stopButton = page.locator('.interactive-session .codicon-stop-circle').first();
  }

  /** Opens the view and waits until the editor has a model, without which it asks no participant. */
  async open(): Promise<void> {
    await waitFor(
      'the chat to answer',
      async () => !(await this.ask('@warroom /pool')).includes('Language model unavailable'),
      { deadlineMs: 120_000, intervalMs: 2_000 },
    );
  }

  /** Asks in a conversation of its own, and gives the answer once it is complete. */
  async ask(query: string): Promise<string> {
    await this.begin(query);
    // It is not there at once, and an answer of one sentence may end before it is seen.
    await this.stopButton.waitFor({ timeout: 3_000 }).catch(() => undefined);
    await this.stopButton.waitFor({ state: 'hidden', timeout: 90_000 });
    return this.text();
  }

  /** Asks, and waits only until an answer has begun. */
  async begin(given: string): Promise<void> {
    // With a number, so that the conversation before is not taken for this one.
    const query = `${given} (${++this.questions})`;
    await this.send(query);
    await waitFor(
      `"${query}" to be asked`,
      // Under the pointer its time stands behind it.
      async () => (await this.asked()).includes(endOf(query)),
      {
        deadlineMs: 60_000,
        intervalMs: 200,
      },
    );
    await this.answers.last().waitFor({ timeout: 60_000 });
  }

  /** Presses the button that stops an answer. */
  async stop(): Promise<void> {
    await this.stopButton.click();
  }

  /** Follows a link of the last answer, also one that has to be scrolled to. */
  async follow(text: string): Promise<void> {
    const link = this.answers.last().locator('a').filter({ hasText: text });
    await link.first().dispatchEvent('click');
  }

  /** Presses a button of the last answer. */
  async press(label: string): Promise<void> {
    await this.answers.last().getByRole('button', { name: label, exact: true }).click();
  }

  /** The buttons of the last answer. */
  async buttons(): Promise<string[]> {
    const texts = await this.answers.last().locator('.chat-command-button').allInnerTexts();
    return texts.map(oneLine);
  }

  /** What the last answer says. */
  async text(): Promise<string> {
    return spaced(await this.answers.last().innerText());
  }

  /** Waits until the last answer says this. */
  async waitForText(text: string | RegExp): Promise<void> {
    await this.answers.last().getByText(text).first().waitFor({ timeout: 90_000 });
  }

  /** The last question, as it is shown. */
  private async asked(): Promise<string> {
    const questions = this.page.locator('.interactive-session .interactive-request');
    return (await questions.count()) > 0 ? oneLine(await questions.last().innerText()) : '';
  }

  private async send(query: string): Promise<void> {
    await this.workbench.runCommand('Probe: Chat');
    await this.workbench.quickInput.waitForPrompt('What shall be asked?');
    await this.workbench.quickInput.enter(JSON.stringify(query));
  }
}

/** Code is shown with spaces that do not break. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
/** What a long question is shown with; its middle is left out. */
const endOf = (query: string) => oneLine(query).slice(-12);
