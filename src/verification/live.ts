import { WarRoomError } from '../base/errors';
import { decidedEdits } from '../history/scalars';
import type { Incident } from '../incident/incident';
import type { ScalarEdit } from '../incident/proposal';
import { pathText } from '../remediation/yaml/keyPath';
import type { KeyPath } from '../remediation/yaml/keyPath';
import { scalarValue } from '../remediation/yaml/scalarText';
import { liveFieldOf } from './liveFields';
import type { ApprovedEdit, LiveField } from './liveFields';
import type { SeenWorkload } from './seen';

/** Whether a live object carries the approved values. */
export type Liveness =
  | { kind: 'live' }
  /** It holds something else; in words, for a person. */
  | { kind: 'waits'; words: string }
  /** Nobody can tell where in a live object these values would be. */
  | { kind: 'untold'; words: string };

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
    const field = liveFieldOf(edit, looked);
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
