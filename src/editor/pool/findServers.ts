import * as vscode from 'vscode';
import type { RankedListing } from '../../catalog/catalogue';
import type { Ranked } from '../../catalog/rank';
import { languageOf } from '../../host';
import { commandIds } from '../commandIds';
import { withIncidentProgress } from '../incidentProgress';
import type { Surface } from '../surface';
import { foundItems, withoutIcons, type FoundItem } from './foundServers';
import { translate as t } from '../translate';

type Line = FoundItem & vscode.QuickPickItem;

/**
 * "Find More Servers…": asks for words, looks in all sources, and makes the server that the person
 * chooses one of its own. Nothing is started.
 * @param incidentId whose keywords are offered as words
 */
export async function findServers(surface: Surface, incidentId?: string): Promise<void> {
  const words = await askWords(surface, incidentId);
  if (!words) return;
  const listing = await search(surface, words);
  if (!listing) return;
  if (listing.ranked.length === 0) {
    const said = [t('No MCP server was found for "{0}".', words), ...listing.notes].join(' ');
    void vscode.window.showInformationMessage(said);
    return;
  }
  const chosen = await choose(listing, words);
  if (chosen) await take(surface, chosen);
}

async function askWords(
  { warRoom }: Surface,
  incidentId: string | undefined,
): Promise<string | undefined> {
  const keywords = incidentId === undefined ? [] : (await warRoom.incident(incidentId)).keywords;
  const words = await vscode.window.showInputBox({
    title: t('Find more MCP servers'),
    prompt: t('What should a server know about? The words go to the registries that you have set.'),
    placeHolder: t('for example: redis cache'),
    value: keywords.join(' '),
    ignoreFocusOut: true,
  });
  return words?.trim();
}

/** Undefined when the person has cancelled it. */
async function search(surface: Surface, words: string): Promise<RankedListing | undefined> {
  return await withIncidentProgress(
    surface,
    t('War Room: searching MCP servers for "{0}"', words),
    async ({ signal }) => {
      try {
        return await surface.warRoom.servers.find(words, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    },
  );
}

/** A server that cannot run here is shown with its reason, and stays where it is. */
function choose(listing: RankedListing, words: string): Promise<Ranked | undefined> {
  const { servers, notes } = foundItems(listing, languageOf(vscode.env.language));
  const pick = vscode.window.createQuickPick<Line>();
  pick.title = t('MCP servers for "{0}"', words);
  pick.placeholder = t('Choose one to make it your own; it is not started by that');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  pick.items = [...servers, ...(notes.length > 0 ? [incomplete(), ...notes] : [])];
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const found = pick.selectedItems[0]?.found;
      if (!found) return;
      if (found.unavailable === null) resolve(found);
      else sayUnavailable(found);
      if (found.unavailable === null) pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function incomplete(): Line {
  const kind = vscode.QuickPickItemKind.Separator;
  return {
    kind,
    label: t('Not everything was searched'),
    description: '',
    detail: '',
    found: null,
  };
}

function sayUnavailable({ entry, unavailable }: Ranked): void {
  const said = t('{0} cannot run here: {1}', entry.name, withoutIcons(unavailable ?? ''));
  void vscode.window.showWarningMessage(said);
}

async function take({ warRoom, log }: Surface, { entry, missing }: Ranked): Promise<void> {
  const { name, origin } = entry;
  const known = origin === 'own' || origin === 'bundled';
  const file = known ? undefined : await warRoom.servers.add(entry);
  log.info(known ? `${name} is known already.` : `${name} was added to ${file}.`);
  const open = t('Open mcp.json');
  const give = t('Set Server Credentials…');
  const said = [
    known
      ? t('{0} is known to War Room already: it is asked when an incident needs it.', name)
      : t('{0} is one of your own servers now. You are asked before it starts.', name),
    ...(missing.length > 0 ? [t('It needs {0}.', missing.join(', '))] : []),
  ].join(' ');
  const buttons = [...(file === undefined ? [] : [open]), ...(missing.length > 0 ? [give] : [])];
  // Not awaited: the command is done, the message may stay as long as it likes.
  void vscode.window.showInformationMessage(said, ...buttons).then(async (chosen) => {
    if (chosen === give) await vscode.commands.executeCommand(commandIds.setCredentials);
    if (chosen === open && file !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    }
  });
}
