import { WarRoomError } from '../base/errors';
import { decidedEdits } from '../history/scalars';
import type { Incident } from '../incident/incident';
import type { ScalarEdit } from '../incident/proposal';
import { sameQuantity } from '../remediation/quantity';
import { endsWith, pathText } from '../remediation/yaml/keyPath';
import type { KeyPath } from '../remediation/yaml/keyPath';
import { scalarValue } from '../remediation/yaml/scalarText';
import type { ContainerTemplate, SeenWorkload } from './seen';

/** Whether a live object carries the approved values. */
export type Liveness =
  | { kind: 'live' }
  /** It holds something else; in words, for a person. */
  | { kind: 'waits'; words: string }
  /** Nobody can tell where in a live object these values would be. */
  | { kind: 'untold'; words: string };

/** A field of a live object that a value ends up in. */
interface LiveField {
  /** In words: `limits.memory`. */
  name: string;
  /** What it holds; one for each container that could be meant. */
  held: readonly (string | undefined)[];
  same: (held: string, wanted: string) => boolean;
}

/** Finds the field for an edit; undefined where it is not of this kind. */
type FieldFinder = (path: KeyPath, seen: Looked, edit: ApprovedEdit) => LiveField | undefined;

/** An approved edit with its values as parsed; null for what is no single value. */
interface ApprovedEdit {
  keyPath: KeyPath;
  before: string | null;
  after: string | null;
  /** Name of the variable that the edit gives a value, where it gives the name too. */
  variable: string | null;
}

interface Looked {
  workload: SeenWorkload;
  /** Those that the failing one could be: it alone where its name is known. */
  containers: readonly ContainerTemplate[];
}

const equal = (held: string, wanted: string) => held === wanted;
const probes = ['liveness', 'readiness', 'startup'] as const;
const probeKeys = {
  path: ({ path }) => path,
  port: ({ port }) => port,
  initialDelaySeconds: (probe) => String(probe.initialDelaySeconds),
  periodSeconds: (probe) => String(probe.periodSeconds),
  timeoutSeconds: (probe) => String(probe.timeoutSeconds),
  failureThreshold: (probe) => String(probe.failureThreshold),
} satisfies Record<string, (probe: Probe) => string | null>;
type Probe = NonNullable<ContainerTemplate['probes']['liveness']>;

/** The fields that charts set from values; the first that fits an edit's key path decides. */
const finders: readonly FieldFinder[] = [
  (path, { containers }) => {
    const kind = (['limits', 'requests'] as const).find((each) => path.at(-2) === each);
    const resource = path.at(-1);
    if (!kind || path.at(-3) !== 'resources' || typeof resource !== 'string') return undefined;
    const held = containers.map((container) => container[kind][resource]);
    return { name: `${kind}.${resource}`, held, same: sameQuantity };
  },
  (path, { containers }) => {
    const probe = probes.find((each) =>
      path.some(
        (part, at) => part === `${each}Probe` || (part === each && path[at - 1] === 'probes'),
      ),
    );
    const key = Object.entries(probeKeys).find(([name]) => name === path.at(-1));
    if (!probe || !key) return undefined;
    const held = containers.map(({ probes: all }) => {
      const found = all[probe];
      return found ? (key[1](found) ?? undefined) : undefined;
    });
    return { name: `${probe} probe's ${key[0]}`, held, same: equal };
  },
  (path, { containers }) => {
    if (!endsWith(path, ['image', 'tag']) && path.at(-1) !== 'imageTag') return undefined;
    const held = containers.map(({ image }) => tagOf(image));
    return { name: 'image tag', held, same: equal };
  },
  (path, { workload }) => {
    if (path.at(-1) !== 'replicas' && path.at(-1) !== 'replicaCount') return undefined;
    return { name: 'replicas', held: [String(workload.workload.desired)], same: equal };
  },
  (path, { containers }) => {
    const name = path.at(-1);
    if (typeof name !== 'string' || !containers.some(({ env }) => name in env)) return undefined;
    const held = containers.map(({ env }) => env[name]);
    return { name: `variable ${name}`, held, same: equal };
  },
  (_, { containers }, { variable }) => {
    if (variable === null) return undefined;
    const held = containers.map(({ env }) => env[variable]);
    return { name: `variable ${variable}`, held, same: equal };
  },
  // What becomes a part of a command or a variable: `-Xmx512m` in JAVA_OPTS.
  (_, { containers }, { before, after }) => {
    const held = containers.map(({ env, command, args }) =>
      [...Object.values(env), ...command, ...args].join('\n'),
    );
    const isThere = (value: string | null) =>
      value !== null && held.some((text) => holdsWord(text, value));
    // Of a key that is new nothing tells a word that stood there before.
    if (before === null || (!isThere(before) && !isThere(after))) return undefined;
    return { name: 'command, arguments or variables', held, same: holdsWord };
  },
];

/**
 * Compares the approved values with a live object: every edit whose field is known must be there,
 * and at least one must be known.
 */
export function liveness(incident: Incident, workload: SeenWorkload): Liveness {
  const edits = approvedEdits(incident);
  const named = workload.containers.filter(({ name }) => name === incident.failing?.container);
  const looked = { workload, containers: named.length > 0 ? named : workload.containers };
  const untold: string[] = [];
  let told = 0;
  for (const edit of edits) {
    const { keyPath, after } = edit;
    const fields = finders.map((find) => find(keyPath, looked, edit));
    const field = fields.find((each) => each !== undefined);
    const state = field && after !== null ? stateOf(field, edit.before, after) : 'untold';
    if (field && after !== null && state === 'old') {
      return { kind: 'waits', words: waitingWords(workload, field, after) };
    }
    if (state === 'new') told += 1;
    else untold.push(pathText(keyPath));
  }
  if (told > 0) return { kind: 'live' };
  const which = untold.join(', ') || 'the change';
  return { kind: 'untold', words: `In which field of a live object ${which} ends up is not known` };
}

/** Where one of several fields is meant, the new value in one says nothing while another may be it. */
function stateOf(
  { held, same }: LiveField,
  before: string | null,
  after: string,
): 'new' | 'old' | 'untold' {
  const holds = (value: string) => held.some((each) => each !== undefined && same(each, value));
  if (!holds(after)) return 'old';
  if (before !== null && !same(after, before)) return holds(before) ? 'untold' : 'new';
  const allHold = held.every((each) => each !== undefined && same(each, after));
  return allHold ? 'new' : 'untold';
}

/** What a person approved: the proposed values, or what was typed in their place. */
function approvedEdits({ proposal, decision }: Incident): ApprovedEdit[] {
  const typed = decision?.kind === 'approved' ? decision.values : {};
  return decidedEdits(proposal, typed).flatMap(({ edits }) =>
    edits.map(({ keyPath, before, after }) => ({
      keyPath,
      before: before === null ? null : parsed(before),
      after: parsed(after),
      variable: variableOf(keyPath, edits),
    })),
  );
}

/** A new item of a list of variables: its name and its value are edits side by side. */
function variableOf(keyPath: KeyPath, edits: readonly ScalarEdit[]): string | null {
  const [list, at, key] = keyPath.slice(-3);
  if (key !== 'value' || typeof at !== 'number' || !/env/i.test(String(list))) return null;
  const beside = pathText([...keyPath.slice(0, -1), 'name']);
  const name = edits.find((edit) => pathText(edit.keyPath) === beside);
  return name ? parsed(name.after) : null;
}

function parsed(source: string): string | null {
  try {
    return String(scalarValue(source.trim()));
  } catch (error) {
    if (WarRoomError.is(error)) return null;
    throw error;
  }
}

function waitingWords({ workload }: SeenWorkload, { name, held }: LiveField, wanted: string) {
  const is = [...new Set(held.filter((each) => each !== undefined))];
  const shown = is.some((each) => each.includes('\n') || each.length > 60) ? [] : is;
  const now = shown.length > 0 ? `is ${shown.join(', ')}` : 'is not there';
  return `${name} of ${workload.kind}/${workload.name} ${now}, and ${wanted} is awaited`;
}

function tagOf(image: string): string | undefined {
  return /:([\w][\w.-]*)(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
}

/** A short value could stand anywhere by chance. */
const shortestWord = 3;

function holdsWord(held: string, wanted: string): boolean {
  if (wanted.length < shortestWord) return false;
  const literal = wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`).test(held);
}
