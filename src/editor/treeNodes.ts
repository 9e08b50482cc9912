import { categories } from '../incident/category';
import type { Citation } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { acceptedSentence, interruptedWords, percent, titleOf } from '../incident/page';
import { rolloutStep, stateInWords } from '../incident/rolloutWords';
import { isOpen, waitingStates, type IncidentState } from '../incident/state';

/** What the tree shows, free of the editor's classes. Ids are stable over refreshes. */
export interface TreeNode {
  id: string;
  incidentId: string;
  kind: 'incident' | 'cause' | 'evidence' | 'citation' | 'proposal' | 'commit' | 'note';
  label: string;
  description: string;
  tooltip: string;
  /** Codicon. */
  icon: string;
  /** Theme colour of the icon, where it has a meaning. */
  colour?: string;
  citation?: Citation;
  /**
   * What the manifest's menus look at: `incident:awaiting-approval`, with `:action` where that
   * is no change of files, `proposal`, …
   */
  context: string;
  children: readonly TreeNode[];
}

const icons: Record<IncidentState, { icon: string; colour?: string }> = {
  queued: { icon: 'clock' },
  detected: { icon: 'loading~spin' },
  'awaiting-leave': { icon: 'shield', colour: 'list.warningForeground' },
  equipping: { icon: 'loading~spin' },
  collecting: { icon: 'loading~spin' },
  analysing: { icon: 'loading~spin' },
  planning: { icon: 'loading~spin' },
  'awaiting-approval': { icon: 'git-pull-request', colour: 'list.warningForeground' },
  accepted: { icon: 'diff-added', colour: 'list.warningForeground' },
  executing: { icon: 'loading~spin' },
  'awaiting-rollout': { icon: 'git-commit', colour: 'testing.iconPassed' },
  verifying: { icon: 'pulse' },
  resolved: { icon: 'pass', colour: 'testing.iconPassed' },
  rejected: { icon: 'circle-slash' },
  reported: { icon: 'lightbulb' },
  escalated: { icon: 'megaphone', colour: 'list.errorForeground' },
  'no-incident': { icon: 'pass', colour: 'testing.iconPassed' },
  'insufficient-evidence': { icon: 'question' },
  failed: { icon: 'error', colour: 'list.errorForeground' },
  cancelled: { icon: 'circle-slash' },
};

const interruptedIcon = { icon: 'warning', colour: 'list.warningForeground' };

/** An incident, and whether a crash left its commit or action half-done. */
export interface ListedIncident {
  incident: Incident;
  interrupted: boolean;
}

/** Incidents for the tree: what waits for a person first, then what runs, then the rest; newest first. */
export function treeOf(listed: readonly ListedIncident[], now: number): TreeNode[] {
  return [...listed]
    .sort((a, b) => rank(a) - rank(b) || b.incident.createdAt.localeCompare(a.incident.createdAt))
    .map((each) => incidentNode(each, now));
}

/** How many incidents wait for a person: the badge. */
export function waitingCount(listed: readonly ListedIncident[]): number {
  return listed.filter(waits).length;
}

function waits({ incident: { state }, interrupted }: ListedIncident): boolean {
  return interrupted || waitingStates.includes(state);
}

function rank(listed: ListedIncident): number {
  if (waits(listed)) return 0;
  return isOpen(listed.incident.state) ? 1 : 2;
}

function incidentNode({ incident, interrupted }: ListedIncident, now: number): TreeNode {
  const { id, state, severity, place, createdAt, trigger, proposal } = incident;
  const where = [place.context, place.namespace].filter(Boolean).join('/');
  const words = interrupted ? interruptedWords(incident) : stateInWords(incident);
  return {
    id,
    incidentId: id,
    kind: 'incident',
    context: `incident:${interrupted ? 'interrupted' : state}${proposal?.action ? ':action' : ''}`,
    label: titleOf(incident),
    description: [words, severity, where, age(now - Date.parse(createdAt))]
      .filter(Boolean)
      .join(' · '),
    tooltip: `${titleOf(incident)}\n${words}\n${trigger}\n${id}`,
    ...(interrupted ? interruptedIcon : icons[state]),
    children: [
      ...causeNode(incident),
      ...evidenceNode(incident),
      ...proposalNodes(incident),
      ...commitNode(incident),
      ...noteNodes(incident),
    ],
  };
}

function causeNode({ id, rootCause, hypotheses }: Incident): TreeNode[] {
  if (!rootCause) return [];
  const others = hypotheses.slice(1).map(({ category }) => categories[category]);
  return [
    {
      id: `${id}/cause`,
      incidentId: id,
      kind: 'cause',
      context: 'cause',
      label: rootCause.summary,
      description: percent(rootCause.confidence),
      tooltip: [
        rootCause.summary,
        ...(others.length > 0 ? [`Also thought of: ${others.join(', ')}`] : []),
      ].join('\n\n'),
      icon: 'search',
      children: [],
    },
  ];
}

function evidenceNode({ id, rootCause, symptoms = [] }: Incident): TreeNode[] {
  const cited = rootCause?.evidence ?? symptoms;
  if (cited.length === 0) return [];
  const children = cited.map((citation, index): TreeNode => {
    const { source, line, text } = citation;
    return {
      id: `${id}/evidence/${index}`,
      incidentId: id,
      kind: 'citation',
      context: 'citation',
      // Columns of a table are far apart; the line as it stands is what its tooltip and the jump show.
      label: text.trim().replace(/\s+/g, ' '),
      description: `${source.split('/').at(-1) ?? source}:${line}`,
      tooltip: `${source}:${line}\n${text.trim()}`,
      icon: 'quote',
      citation,
      children: [],
    };
  });
  return [
    {
      id: `${id}/evidence`,
      incidentId: id,
      kind: 'evidence',
      context: 'evidence',
      label: 'Evidence',
      description: `${children.length} ${children.length === 1 ? 'line' : 'lines'}`,
      tooltip: rootCause
        ? 'The lines that prove the root cause'
        : 'The lines that show that something is wrong',
      icon: 'list-unordered',
      children,
    },
  ];
}

function proposalNodes({ id, proposal }: Incident): TreeNode[] {
  if (!proposal) return [];
  return proposal.files.map(({ path }, index): TreeNode => ({
    id: `${id}/proposal/${index}`,
    incidentId: id,
    kind: 'proposal',
    context: 'proposal',
    label: proposal.title,
    description: path,
    tooltip: [path, proposal.reason, proposal.formula ?? ''].filter(Boolean).join('\n\n'),
    icon: 'diff',
    children: [],
  }));
}

function commitNode({ id, commit, branch }: Incident): TreeNode[] {
  if (!commit) return [];
  return [
    {
      id: `${id}/commit`,
      incidentId: id,
      kind: 'commit',
      context: 'commit',
      label: commit.slice(0, 10),
      description: branch ?? '',
      tooltip: `Commit ${commit}${branch ? ` on ${branch}` : ''}`,
      icon: 'git-commit',
      children: [],
    },
  ];
}

/** What else a person should see under the incident: an error, or what to collect. */
function noteNodes(incident: Incident): TreeNode[] {
  const { id, state, error, missing, rootCause, leave } = incident;
  const lines = [
    ...leave.map(({ program }) => ({ text: `${program} asks for leave to start`, icon: 'shield' })),
    ...(isRollingOut(state) ? [{ text: rolloutStep(incident).sentence, icon: 'info' }] : []),
    ...(state === 'accepted' ? [{ text: acceptedSentence(incident), icon: 'info' }] : []),
    ...(error ? [{ text: error.message, icon: 'error' }] : []),
    ...(rootCause ? [] : missing.map((text) => ({ text, icon: 'circle-outline' }))),
  ];
  return lines.map(({ text, icon }, index) => ({
    id: `${id}/note/${index}`,
    incidentId: id,
    kind: 'note',
    context: 'note',
    label: text,
    description: '',
    tooltip: text,
    icon,
    children: [],
  }));
}

function isRollingOut(state: IncidentState): boolean {
  return (['awaiting-rollout', 'verifying', 'resolved', 'escalated'] as string[]).includes(state);
}

/** "now", "5 min", "3 h", "2 d". */
export function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60
    ? `${Math.floor(minutes / 60)} h`
    : `${Math.floor(minutes / (24 * 60))} d`;
}
