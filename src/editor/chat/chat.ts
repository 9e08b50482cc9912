import type * as vscode from 'vscode';
import { describeError } from '../../base/errors';
import { commandIds } from '../commandIds';
import type { Surface } from '../surface';
import { translate as t } from '../translate';
import { writeIncident, writeIncidents } from './answers';
import { DiagnoseTool } from './diagnoseTool';
import { diagnoseIn } from './diagnoseIn';
import { followupsOf, metadataOf } from './followups';
import { IncidentsTool } from './incidentsTool';
import { writePool } from './poolAnswer';
import { incidentIdIn, requestedLog } from './requestedLog';
import type { Tool } from './tool';

type Answer = (
  request: vscode.ChatRequest,
  response: vscode.ChatResponseStream,
  signal: AbortSignal,
) => Promise<vscode.ChatResult>;

/** What `@warroom` and the language-model tools do. */
export class Chat {
  readonly tools: Readonly<Record<'diagnose' | 'incidents', Tool>>;

  /** By the command behind `@warroom`. */
  private readonly answers: Readonly<Record<string, Answer>> = {
    diagnose: (...asked) => this.diagnose(...asked),
    incident: (...asked) => this.incident(...asked),
    pool: (_request, response) => {
      writePool(response, this.surface.warRoom.servers.poolStatus());
      return Promise.resolve({});
    },
  };

  constructor(private readonly surface: Surface) {
    this.tools = {
      diagnose: new DiagnoseTool(surface),
      incidents: new IncidentsTool(surface.warRoom),
    };
  }

  /** Answers one request. What goes wrong is said in the answer, in one sentence. */
  async answer(
    request: vscode.ChatRequest,
    response: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const stop = new AbortController();
    const onCancel = token.onCancellationRequested(() => stop.abort());
    const answer =
      this.answers[request.command ?? ''] ?? ((...asked) => this.uncommanded(...asked));
    try {
      return await answer(request, response, stop.signal);
    } catch (error) {
      const { code, message } = describeError(error);
      if (code === 'cancelled') return {};
      this.surface.log.error(error instanceof Error ? (error.stack ?? message) : message);
      response.button({ command: commandIds.showLogs, title: t('Show Logs') });
      return { errorDetails: { message } };
    } finally {
      onCancel.dispose();
    }
  }

  followups(result: vscode.ChatResult): vscode.ChatFollowup[] {
    return followupsOf(result);
  }

  /** Without a command: what names an incident is shown, a log is diagnosed, anything else gets help. */
  private async uncommanded(...asked: Parameters<Answer>): Promise<vscode.ChatResult> {
    const [request, response] = asked;
    if (incidentIdIn(request.prompt) !== undefined) return await this.incident(...asked);
    const { selected } = await requestedLog(request);
    if (selected && (selected.trigger !== 'chat' || request.prompt.trim().includes('\n'))) {
      return await this.diagnose(...asked);
    }
    writeHelp(response);
    return {};
  }

  private async diagnose(
    ...[request, response, signal]: Parameters<Answer>
  ): Promise<vscode.ChatResult> {
    const { selected, unread } = await requestedLog(request);
    for (const name of unread) {
      response.markdown(`${t('{0} is no text, so it was not read.', `\`${name}\``)}\n\n`);
    }
    if (!selected) {
      writeHelp(response);
      return {};
    }
    const incident = await diagnoseIn(this.surface, selected, response, signal);
    await writeIncident(this.surface.warRoom, response, incident);
    return { metadata: metadataOf(incident) };
  }

  private async incident(...[request, response]: Parameters<Answer>): Promise<vscode.ChatResult> {
    const { warRoom } = this.surface;
    const id = incidentIdIn(request.prompt);
    if (id === undefined) {
      writeIncidents(response, await warRoom.incidents());
      return {};
    }
    const incident = await warRoom.incident(id);
    await writeIncident(warRoom, response, incident);
    return { metadata: metadataOf(incident) };
  }
}

function writeHelp(response: vscode.ChatResponseStream): void {
  response.markdown(
    [
      t('There is no log to diagnose yet. Any of these will do:'),
      `- ${t('select the lines of the failure in an editor and send `@warroom /diagnose`')}`,
      `- ${t('attach a log file, or the output of `kubectl describe`')}`,
      `- ${t('paste the log behind `@warroom /diagnose`')}`,
    ].join('\n'),
  );
  response.button({ command: commandIds.diagnoseClipboard, title: t('Diagnose Clipboard') });
  response.button({ command: commandIds.diagnoseFile, title: t('Diagnose a File…') });
}
