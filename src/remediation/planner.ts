import { isDeepStrictEqual } from 'node:util';
import { join, posix, relative, sep } from 'node:path';

import type { Clock } from '../base/clock';
import { systemClock } from '../base/clock';
import { throwIfCancelled } from '../base/deadline';
import { WarRoomError } from '../base/errors';
import type { Advice, Analysis } from '../incident/analysis';
import type { Place } from '../incident/incident';
import type { Plan } from '../incident/proposal';
import { attempt, outside } from './attempt';
import type { Attempt } from './attempt';
import { fileChange } from './change';
import { withClusterRemedy } from './clusterRemedy';
import { targetOf } from './find/target';
import { findValuesFiles } from './find/valuesFiles';
import type { SearchResult, ValuesFile } from './find/valuesFiles';
import { fixes } from './fixes';
import type { Fixer } from './fixes/fix';
import { commitsIn, revertFixer, suspects } from './fixes/revert';
import { withAutoscalers } from './autoscalerWarnings';
import { choose } from './choose';
import type { Choice } from './choose';
import { examine } from './helm/examine';
import { asking } from './imageTags';
import type { ImageTags } from './imageTags';
import { nothingKnown, surroundingsOf } from './surroundings';
import type { FileHistory } from './surroundings';

/** What a plan is made of; the diagnosis' `PlanRequest` has this shape. */
export interface PlanInput {
  analysis: Analysis;
  app: string | null;
  place: Place;
  /** Root of the repository and the further workspace roots, absolute. */
  roots: readonly string[];
}

export interface PlannerOptions {
  clock?: Clock;
  /** The files that a person chose before, by application. */
  remembered?: () => Readonly<Record<string, string>>;
  /** Left out, nothing is taken from the history. */
  history?: FileHistory;
  /** Left out, no registry is asked. */
  tags?: ImageTags | undefined;
}

/** A planner over the files of the roots. It reads and never writes. */
export function createPlanner(options: PlannerOptions = {}) {
  const clock = options.clock ?? systemClock;
  return {
    /**
     * Finds the values file and the edit that cure the root cause: the revert of what changed, where
     * that fits, else the category's own fix; where there is none that is certain, a choice or
     * advice that says why.
     * @throws code `cancelled`
     */
    async plan(input: PlanInput, signal: AbortSignal): Promise<Plan> {
      const { analysis } = input;
      const { fixer, objection, revert } = waysOf(analysis);
      const orAction = (plan: Plan) => withClusterRemedy(plan, input, clock, signal);
      const advised = async () =>
        objection === null ? await orAction(advise(analysis, null)) : advise(analysis, objection);
      const way = fixer ?? revert;
      if (!way || (!revert && objection !== null)) return await advised();
      const [repository] = input.roots;
      const [likely, other] = appsOf(input);
      if (repository === undefined || !likely) {
        const lacking =
          repository === undefined
            ? 'There is no repository.'
            : 'The evidence does not name the application.';
        return objection === null ? withoutFile(input, way, lacking) : advise(analysis, objection);
      }
      const findFor = async (app: string) => {
        const target = targetOf(app, analysis.facts, input.place);
        const found = await findValuesFiles(input.roots, target, clock, signal);
        return { app, target, found };
      };
      const first = await findFor(likely);
      const isThere = first.found.files.length > 0 || other === undefined;
      const { app, target, found } = isThere ? first : await findFor(other);
      const chosen = input.place.valuesFile;
      const files = chosen === null ? found.files : filesAt(repository, chosen, found);
      const place = { ...input.place, namespace: target.namespace };
      const remembered = options.remembered?.()[app];
      const around = surroundingsOf(found.files, options.history, signal);
      const askTags = asking(options.tags, signal);
      const attemptAll = async (each: Fixer): Promise<Situation> => {
        const attempts: Attempt[] = [];
        for (const file of files) {
          throwIfCancelled(signal);
          const known = each.needsKnown ? await around(file) : nothingKnown;
          const tried = await attempt(each, file, app, analysis.facts, known, askTags);
          attempts.push(withAutoscalers(tried, found.autoscalers, analysis.facts));
        }
        const situation = { repository, app, fixer: each, found, attempts, signal };
        return { ...situation, input: { ...input, place }, remembered };
      };
      const back = revert ? await attemptAll(revert) : null;
      const own = fixer && objection === null ? await attemptAll(fixer) : null;
      const reverted = back && (await revertPlan(back, own));
      if (reverted) return reverted;
      return own ? await orAction(await decide(own)) : await advised();
    },
  };
}

/** Whose values may hold the fault, the likeliest first. */
function appsOf({ analysis, app, place }: PlanInput): string[] {
  const { facts, category } = analysis;
  // A service that nobody serves is cured in its own values, not in those of who calls it.
  const service = category === 'no-endpoints' ? facts.host?.value : undefined;
  const names = [service && nameOf(service), app ?? place.application ?? facts.app?.value];
  return names.flatMap((name) => name || []);
}

/** `orders` of `shop/orders:http` and of `orders.shop.svc`. */
function nameOf(service: string): string | undefined {
  return /^(?:[\w.-]+\/)?([a-z][\w-]*)/.exec(service)?.[1];
}

/** What may cure a category here: its fix, why there is none, and putting back what changed. */
function waysOf({ category, facts, rootCause }: Analysis) {
  const fixer = category ? fixes[category] : undefined;
  const objection = fixer?.objection(facts) ?? null;
  const commits = commitsIn(rootCause?.changes ?? []);
  const isSuspect = category !== null && commits.length > 0 && suspects[category] !== undefined;
  const revert = isSuspect ? revertFixer(category, commits, objection !== null) : undefined;
  return { fixer, objection, revert };
}

/** The revert, with the fix that would be made instead; null where it is not certain which. */
async function revertPlan(back: Situation, own: Situation | null): Promise<Plan | null> {
  const plan = await decide(back);
  if (plan.kind !== 'proposal') return null;
  const instead = own && (await decide(own));
  const isOther =
    instead?.kind === 'proposal' && !isDeepStrictEqual(instead.proposal.files, plan.proposal.files);
  const other = isOther ? instead.proposal : null;
  const words = other
    ? [`If that change has to stay, reject this: the fix without it would be to ${other.title}.`]
    : [];
  const warnings = [...words, ...plan.proposal.warnings];
  return { kind: 'proposal', proposal: { ...plan.proposal, kind: 'revert', warnings } };
}

/** The file that a person chose: as the search found it, else as a file of the application's own. */
function filesAt(repository: string, chosen: string, found: SearchResult): readonly ValuesFile[] {
  const path = posix.normalize(chosen.replaceAll('\\', '/'));
  const same = found.files.filter((file) => file.root === repository && file.path === path);
  // The person said so: then a part of the name is enough.
  if (same.length > 0) return same.map((file) => ({ ...file, fit: 'same' }));
  const chart = found.files.find((file) => file.chart !== null)?.chart ?? null;
  const why = 'chosen for this application';
  const place = { root: repository, path, document: undefined, prefix: [], mounts: null };
  return [{ ...place, environment: null, chart, release: null, why, rank: 0, fit: 'same' }];
}

interface Situation {
  input: PlanInput;
  repository: string;
  app: string;
  fixer: Fixer;
  found: SearchResult;
  attempts: readonly Attempt[];
  /** The file that a person chose for the application before. */
  remembered: string | undefined;
  signal: AbortSignal;
}

/** Of several files the one that was chosen before: nobody is asked twice. */
function settled(choice: Choice, { repository, remembered }: Situation): Choice {
  if (choice.kind !== 'several' || remembered === undefined) return choice;
  const path = posix.normalize(remembered.replaceAll('\\', '/'));
  const kept = choice.attempts.filter(({ file }) => pathFrom(repository, file) === path);
  const [only, ...others] = kept;
  return only && others.length === 0 ? { kind: 'one', attempt: only, alike: [] } : choice;
}

async function decide(situation: Situation): Promise<Plan> {
  const { input, repository, app, attempts, signal } = situation;
  const choice = settled(choose(attempts, app, input.place), situation);
  if (choice.kind === 'several') {
    const candidates = choice.attempts.map(({ file }) => ({
      path: pathFrom(repository, file),
      why: file.why,
    }));
    const paths = new Set(candidates.map(({ path }) => path));
    if (paths.size === candidates.length) return { kind: 'choose', candidates };
    const why = `${[...paths].join(', ')} holds the values of ${app} at more than one place, so it is not certain which counts.`;
    return withoutFile(input, situation.fixer, why);
  }
  if (choice.kind === 'none') return nothingFits(situation);
  if (choice.kind === 'overridden') {
    const [winner, loser] = [choice.by, choice.attempt].map((one) =>
      pathFrom(repository, one.file),
    );
    const why = `${winner} wins over ${loser}, which holds the value that fits: ${choice.by.why}`;
    return withoutFile(input, situation.fixer, why);
  }
  const { file, fix, bytes } = choice.attempt;
  const path = pathFrom(repository, file);
  if (path.startsWith('../')) {
    const why = `The values file ${join(file.root, file.path)} belongs to another repository than the incident: choose that repository and diagnose again.`;
    return withoutFile(input, situation.fixer, why);
  }
  const container = input.analysis.facts.container?.value;
  const { namespace } = input.place;
  const { edits } = fix;
  const examined = await examine({ file, bytes, edits, container, app, namespace }, signal);
  if (examined.kind === 'refused') {
    return withoutFile(input, situation.fixer, `${path} is left as it is: ${examined.why}.`);
  }
  const { rendered } = examined;
  return {
    kind: 'proposal',
    proposal: {
      kind: 'values-edit',
      title: fix.title,
      files: [fileChange(path, bytes, fix.edits)],
      reason: `${fix.reason} File: ${file.why}.`,
      formula: fix.formula,
      warnings: [...fix.warnings, ...releaseWarnings(file, choice.alike), ...examined.warnings],
      ...(rendered ? { rendered } : {}),
    },
  };
}

/** What else takes the text, and what else sets the release's values. */
function releaseWarnings({ release }: ValuesFile, alike: readonly string[]): string[] {
  const shared = alike.length > 0 ? [`It counts for ${alike.join(', ')} too.`] : [];
  const gaps = release?.gaps ?? [];
  return [...shared, ...gaps.map((gap) => `${gap}: see that it does not set the value as well.`)];
}

function pathFrom(repository: string, file: ValuesFile): string {
  return relative(repository, join(file.root, file.path)).split(sep).join('/');
}

function nothingFits({ input, app, fixer, found, attempts, repository }: Situation): Plan {
  const refusals = attempts.filter((one) => one.kind === 'refused');
  const refused = refusals.find((one) => one.setsIt) ?? refusals[0];
  const [link] = found.outside;
  const first = refused
    ? `${pathFrom(repository, refused.file)}: ${refused.why}`
    : link === undefined
      ? `No values file of ${app} was found in the workspace.`
      : outside(link).message;
  return withoutFile(input, fixer, [first, ...besides(found)].join(' '));
}

/** At most so many files are named in a sentence. */
const maximumNamed = 5;

/** What the search saw and could not use. */
function besides({ advice, unreadable, complete }: SearchResult): string[] {
  const unread = unreadable.map(({ path, why }) => `${path} cannot be read (${why})`);
  return [
    ...[...advice, ...unread].slice(0, maximumNamed).map((each) => `${each}.`),
    ...(complete ? [] : ['The search ended at its limit of 3 s and 20,000 files.']),
  ];
}

/** Advice with the values to copy, for when the fix is known and its file is not. */
function withoutFile(input: PlanInput, fixer: Fixer, why: string): Plan {
  const patch = patchOf(fixer, input.analysis);
  const plan = advise(input.analysis, why);
  if (plan.kind !== 'advice' || patch === null) return plan;
  const commands = [{ title: 'Values to set', command: patch }, ...plan.advice.commands];
  return { kind: 'advice', advice: { ...plan.advice, commands } };
}

function patchOf(fixer: Fixer, { facts }: Analysis): string | null {
  try {
    return fixer.patch(facts);
  } catch (error) {
    // Evidence may hold amounts that are none; then there is nothing to copy.
    if (WarRoomError.is(error)) return null;
    throw error;
  }
}

/** What the analyst advises, with the planner's word in front. */
function advise(analysis: Analysis, why: string | null): Plan {
  const given: Advice = analysis.advice ?? {
    summary: analysis.rootCause
      ? `No values edit cures this by itself: ${analysis.rootCause.summary}`
      : 'No values edit cures this by itself; see the evidence.',
    commands: [],
  };
  const summary = why === null ? given.summary : `${why} ${given.summary}`;
  return { kind: 'advice', advice: { ...given, summary } };
}
