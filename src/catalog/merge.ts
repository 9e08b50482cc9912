import { programKey, type CatalogueEntry } from './entry';

/**
 * One list of servers without duplicates. The person's own entry of a program takes the place of
 * the bundled one and keeps what is known of it; what others list of a known program is dropped.
 * @param lists most trusted first: the person's own, the bundled list, then the registries
 */
export function merge(
  own: readonly CatalogueEntry[],
  bundled: readonly CatalogueEntry[],
  found: readonly CatalogueEntry[],
): readonly CatalogueEntry[] {
  const twins = new Map(own.map((entry) => [entry, twinOf(entry, bundled)] as const));
  const replaced = new Set([...twins.values()]);
  const known = [
    ...own.map((entry) => enriched(entry, twins.get(entry))),
    ...bundled.filter((entry) => !replaced.has(entry)),
  ];
  const programs = new Set(known.map(({ program }) => programKey(program)));
  const others = found.filter(({ program }) => {
    const key = programKey(program);
    return !programs.has(key) && programs.add(key);
  });
  return withUniqueNames([...known, ...others]);
}

/** The bundled entry of the same program; of several the one that the own one is named after. */
function twinOf(
  own: CatalogueEntry,
  bundled: readonly CatalogueEntry[],
): CatalogueEntry | undefined {
  const key = programKey(own.program);
  const same = bundled.filter(({ program }) => programKey(program) === key);
  const named = same.find(({ name, keywords }) =>
    [name, ...keywords].some((word) => own.keywords.includes(word)),
  );
  return named ?? same[0];
}

/** The person's own program, arguments and values, with what the bundled list knows besides. */
function enriched(own: CatalogueEntry, twin: CatalogueEntry | undefined): CatalogueEntry {
  if (!twin) return own;
  const declared = new Set(own.environment.map(({ name }) => name));
  return {
    ...twin,
    name: own.name,
    title: own.title,
    keywords: [...new Set([...own.keywords, ...twin.keywords])],
    program: pinned(own.program, twin.program),
    args: own.args,
    environment: [
      ...own.environment,
      // The person's file starts without the others, so none of them is missed.
      ...twin.environment
        .filter(({ name }) => !declared.has(name))
        .map((variable) => ({ ...variable, required: false })),
    ],
    origin: 'own',
  };
}

/** Where the person names no version, the one that was tried. */
function pinned(
  own: CatalogueEntry['program'],
  twin: CatalogueEntry['program'],
): CatalogueEntry['program'] {
  if (own.kind === 'npm' && twin.kind === 'npm' && own.version === 'latest') {
    return { ...twin, bin: own.bin ?? twin.bin };
  }
  if (own.kind === 'pypi' && twin.kind === 'pypi' && own.version === 'latest') {
    return { ...twin, command: own.command ?? twin.command };
  }
  return own;
}

function withUniqueNames(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    let name = entry.name;
    for (let number = 2; taken.has(name); number++) name = `${entry.name}-${number}`;
    taken.add(name);
    return name === entry.name ? entry : { ...entry, name };
  });
}
