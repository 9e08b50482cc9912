import * as vscode from 'vscode';
import type { Surface } from '../surface';
import type { Chat } from './chat';
import { participantId, toolNames } from './names';

/** Announces the chat participant and the tools; what they do is loaded when one is first used. */
export function registerChat(surface: Surface): void {
  const { context } = surface;
  let loading: Promise<Chat> | undefined;
  const load = (): Promise<Chat> => {
    loading ??= import('./chat').then(({ Chat: Loaded }) => new Loaded(surface));
    return loading;
  };
  const participant = vscode.chat.createChatParticipant(
    participantId,
    async (request, _context, response, token) =>
      await (await load()).answer(request, response, token),
  );
  participant.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png');
  participant.followupProvider = {
    provideFollowups: async (result) => (await load()).followups(result),
  };
  const tool = (name: keyof typeof toolNames) =>
    vscode.lm.registerTool(toolNames[name], {
      prepareInvocation: async ({ input }) => (await load()).tools[name].prepare(input),
      invoke: async (options, token) => await (await load()).tools[name].invoke(options, token),
    });
  context.subscriptions.push(participant, tool('diagnose'), tool('incidents'));
}
