import { actionStep, interruptedAction } from './actionStep';
import { categories } from './category';
import type { Citation } from './evidence';
import type { Incident } from './incident';
import { fence, plain } from './markdown';
import { modelUseText } from './modelUse';
import { rolloutLines, rolloutStep, stateInWords } from './rolloutWords';

/**
 * The one page in which every run ends: what broke, why, how sure, what to do now, what could not
 * be checked. The editor, the command line and "Copy as Markdown" show the same.
 */
export interface IncidentPage {
  /** "grafana: Container killed for memory". */
  title: string;
  /** State, severity, place: short labels with their values. */
  facts: readonly { label: string; value: string }[];
  whatBroke: string;
  /** The lines that prove it. */
  why: readonly Citation[];
  /** Without a root cause: the lines that show that something is wrong. */
  seen: readonly Citation[];
  /** In words with the number; null when nothing was found. */
  howSure: string | null;
  /** What was thought of besides, with its confidence. */
  alternatives: readonly string[];
  doNow: {
    sentence: string;
    commands: readonly { title: string; command: string }[];
  };
  /** What was seen of the committed change and of the service since, one line each. */
  verification: readonly string[];
  /** Unified diffs of the proposal, joined; null when there is none. */
  diff: string | null;
  formula: string | null;
  /** Unified diff of the manifests that Helm renders; null when there is none. */
  rendered: string | null;
  warnings: readonly string[];
  changedBefore: readonly string[];
  unchecked: readonly string[];
}

/**
 * The page of an incident as it stands now.
 * @param interrupted a crash left its commit half-done
 */
export function pageOf(incident: Incident, interrupted = false): IncidentPage {
  const { rootCause, proposal } = incident;
  return {
    title: titleOf(incident),
    facts: factsOf(incident, interrupted),
    whatBroke: rootCause?.summary ?? noCause(incident),
    why: rootCause?.evidence ?? [],
    seen: rootCause ? [] : (incident.symptoms ?? []),
    howSure: rootCause ? sureness(rootCause.confidence) : null,
    alternatives: incident.hypotheses
      .filter(({ category }) => category !== incident.category)
      .map(
        // Without their confidence: a symptom may be surer than the cause that explains it.
        ({ category, why }) => `${categories[category]}: ${shortened(why)}`,
      ),
    doNow: interrupted
      ? { sentence: proposal?.action ? interruptedAction : interruptedSentence, commands: [] }
      : doNow(incident),
    verification: rolloutLines(incident),
    diff: proposal && !proposal.action ? proposal.files.map(({ diff }) => diff).join('') : null,
    formula: proposal?.formula ?? null,
    rendered: proposal?.rendered && 'diff' in proposal.rendered ? proposal.rendered.diff : null,
    warnings: [
      ...(rootCause && incident.error ? [incident.error.message] : []),
      ...(incident.objections ?? []).map(
        ({ note, not }) => `You said${not ? ` that it is not ${not}` : ''}: ${note}`,
      ),
      ...(proposal?.warnings ?? []),
      ...(proposal?.leftOut ?? []).map(({ path }) => `${path} was proposed too and left out.`),
      ...(proposal?.rendered && 'missing' in proposal.rendered
        ? [`The chart was ${proposal.rendered.missing}.`]
        : []),
      ...incident.notes,
    ],
    changedBefore: rootCause?.changes ?? [],
    unchecked: incident.unchecked,
  };
}

/** "grafana: Container killed for memory", or what the run ended in. */
export function titleOf({ app, category, state }: Incident): string {
  const what = category ? categories[category] : (withoutCategory[state] ?? 'Being diagnosed');
  return app ? `${app}: ${what}` : what;
}

const withoutCategory: Partial<Record<Incident['state'], string>> = {
  'no-incident': 'No incident',
  'insufficient-evidence': 'Not enough evidence',
  failed: 'The diagnosis failed',
  cancelled: 'Cancelled',
};

/** 0.93 is "93%". */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function sureness(confidence: number): string {
  const word = confidence >= 0.8 ? 'Sure' : confidence >= 0.6 ? 'Likely' : 'Possible';
  return `${word} (${percent(confidence)})`;
}

function noCause({ state, error }: Incident): string {
  if (error) return error.message;
  if (state === 'no-incident')
    return 'Nothing: the log shows a healthy service and needs no person.';
  if (state === 'insufficient-evidence') {
    return 'The evidence does not decide what broke. Rather than guess, here is what would.';
  }
  return 'The diagnosis has not come to a root cause yet.';
}

function factsOf(incident: Incident, interrupted: boolean): IncidentPage['facts'] {
  const { place } = incident;
  const pairs: readonly [string, string | null][] = [
    ['State', interrupted ? interruptedWords(incident) : stateInWords(incident)],
    ['Severity', incident.severity],
    ['Cluster', place.context],
    ['Namespace', place.namespace],
    ['Values file', place.valuesFile],
    ['Commit', incident.commit?.slice(0, 10) ?? null],
    ['Branch', incident.branch],
    ['Model', modelUseText(incident.modelUse)],
    ['Detected', `${incident.createdAt.slice(0, 16).replace('T', ' ')} UTC`],
    ['Source', incident.trigger],
    ['Incident', incident.id],
  ];
  return pairs.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

function doNow(incident: Incident): IncidentPage['doNow'] {
  const { proposal, advice, missing, decision, leave } = incident;
  if (leave.length > 0) return { sentence: leaveSentence(leave), commands: [] };
  if (incident.reverted) return { sentence: revertedSentence(incident.reverted), commands: [] };
  if (incident.commit) return rolloutStep(incident);
  const ofAction = actionStep(incident);
  if (ofAction) return ofAction;
  if (decision?.kind === 'rejected') {
    const why = decision.reason === '' ? '' : ` since: ${decision.reason}`;
    return { sentence: `The change was rejected by ${decision.by}${why}`, commands: [] };
  }
  if (incident.state === 'accepted') return { sentence: acceptedSentence(incident), commands: [] };
  if (proposal) return { sentence: `${capital(proposal.title)}. ${proposal.reason}`, commands: [] };
  if (incident.candidates.length > 0) {
    return {
      sentence: `Choose the values file that is meant: ${incident.candidates.map(({ path }) => path).join(', ')}.`,
      commands: [],
    };
  }
  if (advice) return { sentence: advice.summary, commands: advice.commands };
  if (missing.length > 0) {
    return {
      sentence: `Collect this and diagnose again:\n${missing.map((each) => `- ${each}`).join('\n')}`,
      commands: [],
    };
  }
  return { sentence: 'Nothing.', commands: [] };
}

/** State of an incident whose commit or action a crash left half-done, in a person's words. */
export function interruptedWords({ proposal }: Incident): string {
  return proposal?.action ? 'action interrupted' : 'commit interrupted';
}

const interruptedSentence =
  'The commit was interrupted: finish it, and there will be exactly one commit of the change.';

function revertedSentence({ commit, by, reason }: NonNullable<Incident['reverted']>): string {
  const why = reason === '' ? '.' : ` since: ${reason}`;
  return `The fix was taken back by ${by} in commit ${commit.slice(0, 10)}${why}`;
}

/** Where an accepted change lies, whether its commit failed, and what can be done. */
export function acceptedSentence({ accepted, error }: Incident): string {
  const files = (accepted?.files ?? []).map(({ path }) => path).join(', ');
  const lies = `the change ${accepted?.staged ? 'is staged' : 'lies'} in ${files}`;
  return error
    ? `The commit failed, and ${lies} as before: commit again, or undo.`
    : `${capital(lies)} and is not committed yet: commit it, or undo.`;
}

function leaveSentence(leave: Incident['leave']): string {
  const programs = leave.map(({ server, program, why }) => `- ${server} (${program}): ${why}`);
  return `Allow these servers to start, or go on without them:\n${programs.join('\n')}`;
}

const longestReason = 120;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= longestReason ? line : `${line.slice(0, longestReason).trimEnd()}…`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How headings and sources look in a page's Markdown; what they are given is Markdown already. */
export interface PageLayout {
  title: (text: string) => string;
  heading: (text: string) => string;
  source: (text: string, citation: Citation) => string;
}

const documentLayout: PageLayout = {
  title: (text) => `# ${text}`,
  heading: (text) => `## ${text}`,
  source: (text) => text,
};

/** The page as Markdown, for the team's chat unless another layout is given. */
export function pageMarkdown(page: IncidentPage, layout = documentLayout): string {
  const section = (title: string, body: string) =>
    body ? `${layout.heading(title)}\n\n${body}` : '';
  const quoted = (citation: Citation) =>
    `${layout.source(`${plain(citation.source)}:${citation.line}`, citation)}\n${fence('', citation.text.trim())}`;
  return [
    layout.title(plain(page.title)),
    page.facts.map(({ label, value }) => `**${label}:** ${plain(value)}`).join(' · '),
    section('What broke', plain(page.whatBroke)),
    section('Why', page.why.map(quoted).join('\n\n')),
    section('What was seen', page.seen.map(quoted).join('\n\n')),
    section('How sure', [page.howSure ?? '', ...bullets(page.alternatives)].join('\n').trim()),
    section(
      'Do this now',
      [steps(page.doNow.sentence), ...page.doNow.commands.map(fenced)].join('\n\n'),
    ),
    section('Verification', bullets(page.verification).join('\n')),
    section('Change', page.diff ? fence('diff', page.diff.trimEnd()) : ''),
    section('Rendered by Helm', page.rendered ? fence('diff', page.rendered.trimEnd()) : ''),
    section('Formula', plain(page.formula ?? '')),
    section('Mind', bullets(page.warnings).join('\n')),
    section('Changed before', bullets(page.changedBefore).join('\n')),
    section('Could not be checked', bullets(page.unchecked).join('\n')),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${plain(line)}`);
}

/** A sentence, perhaps with a list behind it. */
function steps(sentence: string): string {
  return sentence.split('\n- ').map(plain).join('\n- ');
}

function fenced({ title, command }: { title: string; command: string }): string {
  return `${plain(title)}:\n${fence('sh', command)}`;
}
