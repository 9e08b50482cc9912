import * as vscode from 'vscode';
import type { Incident } from '../../incident/incident';
import { plain } from '../../incident/markdown';
import { pageMarkdown, pageOf, titleOf, type IncidentPage } from '../../incident/page';
import { stateInWords } from '../../incident/rolloutWords';
import { commandIds, type CommandId } from '../commandIds';
import { commandLink } from '../commandLink';
import { actionsOf } from '../incidentActions';
import type { Surface } from '../surface';
import { translate as t } from '../translate';

/** Of a page's facts, those that an answer repeats; the page has all. */
const factsInChat = ['State', 'Severity', 'Cluster', 'Namespace', 'Source', 'Incident'];

/** Incidents that a list shows; the tree has all. */
const longestList = 20;

/** Writes an incident as it stands, with the buttons of its state. */
export async function writeIncident(
  warRoom: Surface['warRoom'],
  response: vscode.ChatResponseStream,
  incident: Incident,
): Promise<void> {
  const interrupted = await warRoom.approval.isInterrupted(incident);
  const page = pageOf(incident, interrupted);
  response.markdown(linking(commandIds.openCitation, answerText(page, incident.id)));
  for (const [command, title] of actionsOf(incident, interrupted)) {
    response.button({ command, title, arguments: [incident.id] });
  }
  response.button({
    command: commandIds.openPage,
    title: t('Open Incident Page'),
    arguments: [incident.id],
  });
}

/** Writes the newest incidents, a line each. */
export function writeIncidents(
  response: vscode.ChatResponseStream,
  incidents: readonly Incident[],
): void {
  if (incidents.length === 0) {
    response.markdown(t('No incidents are stored for this repository.'));
    return;
  }
  const lines = incidents.slice(0, longestList).map((incident) => {
    const title = commandLink(plain(titleOf(incident)), commandIds.openPage, [incident.id]);
    return `- ${title}: ${stateInWords(incident)} (\`${incident.id}\`)`;
  });
  const more = incidents.length - lines.length;
  const rest = more > 0 ? [`\n${t('{0} older ones are in the Incidents view.', more)}`] : [];
  response.markdown(linking(commandIds.openPage, [...lines, ...rest].join('\n')));
}

/** Headings are smaller than in a document, and each source leads to its line. */
function answerText(page: IncidentPage, id: string): string {
  const facts = page.facts.filter(({ label }) => factsInChat.includes(label));
  return pageMarkdown(
    { ...page, facts },
    {
      title: (text) => `### ${text}`,
      heading: (text) => `**${text}**`,
      source: (text, citation) => commandLink(text, commandIds.openCitation, [id, citation]),
    },
  );
}

/** Log text is data: whatever it holds, only this one command can be linked to. */
function linking(command: CommandId, text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text);
  markdown.isTrusted = { enabledCommands: [command] };
  return markdown;
}
