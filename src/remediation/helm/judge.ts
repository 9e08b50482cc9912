import { changedFields, containersIn, fieldText } from './renderedChange';
import type { FieldChange } from './renderedChange';
import type { Values } from './coalesce';

/** Whether the rendered manifests change in exactly what was meant. */
export type Verdict =
  | { kind: 'exact' }
  /** The manifests do not tell, for example since they name no such container. */
  | { kind: 'unknown'; why: string }
  | { kind: 'wrong'; why: string };

/**
 * Judges what an edit does to the rendered manifests: fields of the failing container may change
 * and no others; where no container's field changes, the edit is of something else (replicas, a
 * service), which the manifests must show too.
 * @param noise fields that differ between two renderings of the same values
 */
export function judgeRendering(
  before: ReadonlyMap<string, Values>,
  after: ReadonlyMap<string, Values>,
  container: string | undefined,
  noise: readonly FieldChange[],
): Verdict {
  const random = new Set(noise.map(fieldText));
  const changes = changedFields(before, after).filter((one) => !random.has(fieldText(one)));
  if (changes.length === 0) {
    return wrong('the manifests that Helm renders stay the same, so the chart does not use it');
  }
  const inContainers = changes.filter((one) => one.container !== null);
  if (inContainers.length === 0) return { kind: 'exact' };
  if (container === undefined || !containersIn(before).has(container)) {
    const why = `no container ${container ?? ''} is in the rendered manifests`.replace('  ', ' ');
    return { kind: 'unknown', why };
  }
  const others = changes.filter((one) => one.container !== container);
  const [first] = others;
  if (!first) return { kind: 'exact' };
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  return wrong(
    `the rendered manifests change in more than ${container}: ${fieldText(first)}${more}`,
  );
}

function wrong(why: string): Verdict {
  return { kind: 'wrong', why };
}
