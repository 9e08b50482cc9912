import * as vscode from 'vscode';
import { describeError } from '../../base/errors';
import { plain } from '../../incident/markdown';
import { resultOf, resultOfError, type DiagnoseResult } from '../../incident/result';
import type { Surface } from '../surface';
import { translate as t } from '../translate';
import { diagnoseInput, selectedOf } from './diagnoseInput';
import { fittingText } from './fittingText';
import type { Tool } from './tool';

/** `war_room_diagnose`: a diagnosis as the command line prints it with `--json`. */
export class DiagnoseTool implements Tool {
  constructor(private readonly surface: Surface) {}

  prepare(input: unknown): vscode.PreparedToolInvocation {
    const { log, file } = diagnoseInput(input);
    const lines = log?.split('\n').length ?? 0;
    const what = file === undefined ? t('{0} lines of log', lines) : `\`${plain(file)}\``;
    return {
      invocationMessage: new vscode.MarkdownString(t('War Room diagnoses {0}', what)),
      confirmationMessages: {
        title: t('Diagnose with War Room?'),
        message: new vscode.MarkdownString(
          t(
            '{0} is read with its secrets masked, and servers that come with War Room may be asked what they can read. The result goes to the model of this chat. Nothing is changed in the repository or the cluster.',
            what,
          ),
        ),
      },
    };
  }

  async invoke(
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const stop = new AbortController();
    const onCancel = token.onCancellationRequested(() => stop.abort());
    try {
      const result = await this.diagnose(input, stop.signal);
      const text = await fittingText(result, tokenizationOptions);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } finally {
      onCancel.dispose();
    }
  }

  private async diagnose(input: unknown, signal: AbortSignal): Promise<DiagnoseResult> {
    try {
      const selected = await selectedOf(diagnoseInput(input));
      const request = {
        ...selected,
        useServers: vscode.workspace.isTrusted,
        // What a person starts goes before what an agent asks for.
        byPerson: false,
      };
      return resultOf(await this.surface.warRoom.diagnose(request, signal));
    } catch (error) {
      if (signal.aborted) throw new vscode.CancellationError();
      return resultOfError(describeError(error));
    }
  }
}
