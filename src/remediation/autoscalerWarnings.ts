import type { Facts } from '../incident/analysis';
import type { ScalarEdit } from '../incident/proposal';
import type { Attempt } from './attempt';
import type { Autoscaler, ScaledField } from './find/autoscalers';
import { pathText } from './yaml/keyPath';
import type { KeyPath } from './yaml/keyPath';

/** So many are named; a repository may have one for each place that it is deployed to. */
const named = 3;

/**
 * An attempt that warns of what may write over its change while the workload runs. Whether that is
 * deployed where the failure is cannot be seen for certain, so the change is proposed all the same.
 */
export function withAutoscalers(
  tried: Attempt,
  autoscalers: readonly Autoscaler[],
  { container }: Facts,
): Attempt {
  if (tried.kind === 'refused') return tried;
  const { fix } = tried;
  const more = warningsFor(fix.edits, autoscalers, container?.value);
  return { ...tried, fix: { ...fix, warnings: [...fix.warnings, ...more] } };
}

function warningsFor(
  edits: readonly ScalarEdit[],
  autoscalers: readonly Autoscaler[],
  container: string | undefined,
): string[] {
  const fields = edits.flatMap(({ keyPath }) => {
    const field = fieldAt(keyPath);
    return field ? [{ field, path: pathText(keyPath) }] : [];
  });
  const found = autoscalers.flatMap(({ title, bound, sets }) => {
    const paths = fields.filter(({ field }) => sets(field, container)).map(({ path }) => path);
    return paths.length === 0
      ? []
      : [
          `${title} names this workload and may write over ${paths.join(' and ')} while it runs; where it is deployed, see ${bound} there.`,
        ];
  });
  const more = found.length - named;
  return more > 0 ? [...found.slice(0, named), `So may ${more} more.`] : found;
}

/** Which field of the workload a path of the values is for, by the names that charts use. */
function fieldAt(keyPath: KeyPath): ScaledField | undefined {
  const [part, last] = keyPath.slice(-2).map(String);
  if (/^replica(?:s|Count)$/.test(last ?? part ?? '')) return 'replicas';
  if (last !== 'memory' && last !== 'cpu') return undefined;
  return part === 'limits' || part === 'requests' ? `${part}.${last}` : undefined;
}
