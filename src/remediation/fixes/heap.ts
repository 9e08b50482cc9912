import { WarRoomError } from '../../base/errors';
import type { Facts } from '../../incident/analysis';
import type { ScalarEdit } from '../../incident/proposal';
import { divideUp, formatMemory, mebi, parseMemory, roundUp } from '../quantity';
import type { KeyPath } from '../yaml/keyPath';
import { pathText } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { sharingWarnings, textOf } from './edits';
import { refusalCodes } from './fix';
import type { Fix, Fixer, FixTarget } from './fix';
import { locate } from './locate';
import type { LocatedSetting } from './locate';
import { limitFix, locateMemoryLimit } from './memory';

/** How a runtime is told its heap limit: the option's text and bytes for each unit. */
interface HeapOption {
  name: string;
  pattern: RegExp;
  units: Readonly<Record<string, bigint>>;
  /** The first size of the heap: where it was the limit itself, it stays so. */
  initial?: RegExp;
}

const javaUnits = { '': 1n, k: 1n << 10n, m: mebi, g: mebi << 10n, t: mebi << 20n };

const heapOptions: readonly HeapOption[] = [
  {
    name: '--max-old-space-size',
    pattern: /(--max[-_]old[-_]space[-_]size[= ]+)(\d+)()(?!\w)/,
    units: { '': mebi },
  },
  {
    name: '-Xmx',
    pattern: /(-Xmx)(\d+)([kmgtKMGT]?)(?!\w)/,
    units: javaUnits,
    initial: /(-Xms)(\d+)([kmgtKMGT]?)(?!\w)/,
  },
];

/** `heap-exhausted`: the runtime's own heap limit, and the container's only where it would not hold it. */
export const heapFixer: Fixer = {
  objection(facts: Facts) {
    return facts.memoryLeak?.value
      ? 'The heap climbs after every start, which is a leak: a larger heap would only buy time, so it is not raised.'
      : null;
  },

  fix(target) {
    const options = optionsFor(target.facts);
    const heap = locateHeap(target, options);
    const setting = settingIn(heap.place, options);
    if (!setting) throw new WarRoomError('internal', 'The heap setting was found and then lost.');
    const { bytes } = setting;
    const raised = bytes * 2n;
    const edit: ScalarEdit = {
      keyPath: heap.place.keyPath,
      before: heap.place.inherited && heap.place.style !== 'block' ? null : heap.place.source,
      after: doubled(heap.place.source, setting.option),
    };
    const heapText = formatMemory(raised, 'Mi');
    const base: Fix = {
      title: `raise ${setting.option.name} to ${heapText}`,
      edits: [edit],
      reason: `The heap ran full at its own limit, inside the container's; ${heap.why}.`,
      formula: `heap x 2 = ${formatMemory(bytes, 'Mi')} x 2 = ${heapText}`,
      warnings: sharingWarnings([heap.place]),
    };
    return withContainerLimit(target, heap, raised, base);
  },

  patch: () => null,
};

function locateHeap(target: FixTarget, options: readonly HeapOption[]): LocatedSetting {
  const seen = target.facts.heapLimitBytes?.value;
  return locate(target, {
    name: 'heap limit',
    path: ['env', options[0]?.name ?? 'heap option'],
    ownerOf: (place) => (settingIn(place, options) ? ownerOf(place.keyPath) : undefined),
    seen: seen === undefined ? undefined : `a heap of about ${Math.round(seen / 1024 ** 2)} MiB`,
    isSeen: (place) => {
      const bytes = settingIn(place, options)?.bytes;
      // Runtimes count some spaces more or less into what they report.
      return bytes !== undefined && Math.abs(Number(bytes) / (seen ?? NaN) - 1) < 0.25;
    },
  });
}

function optionsFor(facts: Facts): readonly HeapOption[] {
  const seen = facts.heapOption?.value;
  const named = heapOptions.filter((option) => seen?.startsWith(option.name));
  return named.length > 0 ? named : heapOptions;
}

function settingIn(place: ScalarPlace, options: readonly HeapOption[]) {
  if (typeof place.value !== 'string') return undefined;
  for (const option of options) {
    const [, , digits, unit = ''] = option.pattern.exec(place.source) ?? [];
    const size = option.units[unit.toLowerCase()];
    if (digits !== undefined && size !== undefined) return { option, bytes: BigInt(digits) * size };
  }
  return undefined;
}

/** The source with the option's number doubled, and the initial size too where it was the same. */
function doubled(source: string, option: HeapOption): string {
  const times2 = (_: string, name: string, digits: string, unit: string) =>
    `${name}${BigInt(digits) * 2n}${unit}`;
  const [, , limit, limitUnit] = option.pattern.exec(source) ?? [];
  const [, , initial, initialUnit] = option.initial?.exec(source) ?? [];
  const same = initial === limit && initialUnit === limitUnit && option.initial;
  const raised = source.replace(option.pattern, times2);
  return same ? raised.replace(same, times2) : raised;
}

/** Cuts a path such as `app.env.0.value` or `jvm.javaOpts` where the container's own settings begin. */
function ownerOf(path: KeyPath): KeyPath {
  const own = path.findIndex(
    (part) =>
      typeof part === 'string' && /env|arg|command|opts|options|jvm|java|config/i.test(part),
  );
  return path.slice(0, own < 0 ? -1 : own);
}

/** The container's limit is raised only if the heap would take more than 75% of it. */
function withContainerLimit(
  target: FixTarget,
  heap: LocatedSetting,
  raised: bigint,
  fix: Fix,
): Fix {
  const limit = memoryLimitOf(target);
  if (!limit) {
    const known = target.facts.memoryLimit?.value;
    const note = `The container's memory limit${known ? ` (${known})` : ''} is not set in this file: see that the heap of ${formatMemory(raised, 'Mi')} stays under 75% of it.`;
    return { ...fix, warnings: [...fix.warnings, note] };
  }
  const bytes = parseMemory(textOf(limit.place)).bytes;
  if (raised * 4n <= bytes * 3n) return fix;
  const container = limitFix(target, limit, roundUp(divideUp(raised * 4n, 3n), 64n * mebi), {
    formula: 'container limit = heap / 75%, rounded up to 64Mi',
    reason: '',
  });
  return {
    title: `${fix.title} and ${container.title}`,
    edits: [...fix.edits, ...container.edits],
    reason: `${fix.reason} The new heap would take more than 75% of ${pathText(limit.place.keyPath)}, so that is raised too.`,
    formula: [fix.formula, container.formula].join('; '),
    warnings: [...sharingWarnings([heap.place, limit.place])],
  };
}

function memoryLimitOf(target: FixTarget): LocatedSetting | undefined {
  try {
    return locateMemoryLimit(target);
  } catch (error) {
    if (refusalCodes.some((code) => WarRoomError.is(error, code))) return undefined;
    throw error;
  }
}
