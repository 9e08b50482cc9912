const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

/** Folder in which the probe reads what its model shall answer and writes what it was asked. */
const folder = process.env.PROBE_FOLDER;

/** A language model that answers from a script: one turn for each request, the last one again and again. */
class ScriptedModel {
  provideLanguageModelChatInformation() {
    return [
      {
        id: 'probe-1',
        name: 'Probe',
        family: 'probe',
        version: '1',
        maxInputTokens: 64_000,
        maxOutputTokens: 4_000,
        capabilities: { toolCalling: true },
        isUserSelectable: true,
        isDefault: true,
      },
    ];
  }
  async provideLanguageModelChatResponse(_model, messages, options, progress) {
    const asked = path.join(folder, 'requests.jsonl');
    fs.appendFileSync(asked, `${JSON.stringify({ messages, options })}\n`);
    const number = fs.readFileSync(asked, 'utf8').trimEnd().split('\n').length;
    const script = JSON.parse(fs.readFileSync(path.join(folder, 'script.json'), 'utf8'));
    const turn = script[Math.min(number, script.length) - 1];
    if (turn.error) throw vscode.LanguageModelError[turn.error]('The probe refuses.');
    for (const { text, call } of turn.parts) {
      progress.report(
        call
          ? new vscode.LanguageModelToolCallPart(call.id, call.name, call.input)
          : new vscode.LanguageModelTextPart(text),
      );
    }
  }
  async provideTokenCount(_model, text) {
    return Math.ceil((typeof text === 'string' ? text : JSON.stringify(text.content)).length / 4);
  }
}

/**
 * Registers the model, and the commands that call a tool and the chat as another extension does, or
 * change the person's own settings, which lie in the browser.
 */
function registerModel(context) {
  if (!folder) return;
  const command = (id, run) => vscode.commands.registerCommand(id, run);
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('probe', new ScriptedModel()),
    command('probe.callTool', async () => {
      const call = await vscode.window.showInputBox({ prompt: 'Which tool, with what?' });
      const { name, input } = JSON.parse(call);
      const answer = await vscode.lm
        .invokeTool(name, { input, toolInvocationToken: undefined })
        .then(
          ({ content }) => ({ text: content.map(({ value }) => value).join('') }),
          (error) => ({ error: String(error) }),
        );
      fs.writeFileSync(path.join(folder, 'tool.json'), JSON.stringify(answer));
    }),
    command('probe.set', async () => {
      const given = await vscode.window.showInputBox({ prompt: 'Which setting, to what?' });
      for (const [name, value] of Object.entries(JSON.parse(given))) {
        const target = vscode.ConfigurationTarget.Global;
        await vscode.workspace.getConfiguration().update(name, value, target);
      }
      await vscode.window.showInformationMessage('The probe has set it.', 'Good');
    }),
    command('probe.chat', async () => {
      const query = await vscode.window.showInputBox({ prompt: 'What shall be asked?' });
      await vscode.commands.executeCommand('workbench.action.chat.newChat');
      const opened = { query: JSON.parse(query), mode: 'ask' };
      await vscode.commands.executeCommand('workbench.action.chat.open', opened);
    }),
  );
}

module.exports = { registerModel };
