import { sameName } from './find/names';
import type { KeyPath } from './yaml/keyPath';

/** A chart's template with its text. */
export interface TemplateFile {
  path: string;
  text: string;
}

/** Whether a value reaches the failing container: seen, seen not to, or not to be told. */
export type Reach =
  { kind: 'reached'; template: string } | { kind: 'unreached' } | { kind: 'unknown' };

/** Follows values into a chart's templates by their text. */
export interface TemplateTrace {
  /** @param path below the chart's own values, without a subchart's key */
  reach(path: KeyPath): Reach;
}

/** For charts whose templates are not in the repository. */
export const noTemplates: TemplateTrace = { reach: () => ({ kind: 'unknown' }) };

/**
 * A trace over a chart's templates: `.Values.resources`, or a mapping above it that is used whole,
 * must stand in one of them, and not in the block of a container with another name. Where none uses
 * it but one includes a template that is not here (a library chart's), it is not to be told.
 */
export function traceTemplates(
  templates: readonly TemplateFile[],
  container: string | undefined,
): TemplateTrace {
  if (templates.length === 0) return noTemplates;
  const spoken = templates.map(({ path, text }) => ({ path, text: withoutComments(text) }));
  const lent = includesForeign(spoken);
  return {
    reach(path) {
      const uses = usesOf(spoken, path);
      if (uses.length === 0 && lent) return { kind: 'unknown' };
      for (const use of uses) {
        const owner = containerAround(use.lines, use.line);
        const another =
          container !== undefined && owner !== undefined && !sameName(owner, container);
        if (!another) return { kind: 'reached', template: use.path };
      }
      return { kind: 'unreached' };
    },
  };
}

interface Use {
  path: string;
  lines: readonly string[];
  line: number;
}

function usesOf(templates: readonly TemplateFile[], path: KeyPath): Use[] {
  const position = path.findIndex((part) => typeof part === 'number');
  const keys = position < 0 ? path : path.slice(0, position);
  const patterns = keys.map((_, count) => wholeUse(keys.slice(0, keys.length - count)));
  return templates.flatMap(({ path: file, text }) => {
    const lines = text.split('\n');
    return lines.flatMap((content, line) =>
      patterns.some((pattern) => pattern.test(content)) ? [{ path: file, lines, line }] : [],
    );
  });
}

/** `.Values.a.b` used as a whole: `.Values.a.b.c` uses only a part of it. */
function wholeUse(keys: KeyPath): RegExp {
  const escaped = keys.map((key) => String(key).replace(/[^\w]/g, '\\$&'));
  return new RegExp(`\\.Values\\.${escaped.join('\\.')}(?![\\w-]|\\.\\w)`);
}

/** The text without what Helm or YAML leaves out; its lines stay where they are. */
function withoutComments(text: string): string {
  return text
    .replace(/\{\{-?\s*\/\*[^]*?\*\/\s*-?\}\}/g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^[ \t]*#.*$/gm, '');
}

/** True if a template is used that none of these defines. */
function includesForeign(templates: readonly TemplateFile[]): boolean {
  const names = (pattern: RegExp) =>
    templates.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name));
  const defined = new Set(names(/\bdefine\s+"([^"]+)"/g));
  return names(/\b(?:include|template)\s+"([^"]+)"/g).some((name) => !defined.has(name));
}

/** Name of the list entry that a line belongs to; undefined when it is computed or there is none. */
function containerAround(lines: readonly string[], line: number): string | undefined {
  let indent = indentOf(lines[line] ?? '');
  for (let above = line; above >= 0; above--) {
    const text = lines[above] ?? '';
    // The key that the value hangs on; the lists beside it are not its container.
    if (line - above <= 3 && /^\s*resources:/.test(text)) indent = indentOf(text);
    const entry = /^(\s*-\s+)[\w-]+:/.exec(text)?.[1];
    if (entry === undefined || indentOf(text) >= indent) continue;
    const name = nameInEntry(lines, above, entry.length);
    if (name !== undefined) return name.includes('{{') ? undefined : name.replace(/["']/g, '');
    indent = indentOf(text);
  }
  return undefined;
}

/** The `name` of a list entry whose keys stand at `indent`, wherever in the entry it is. */
function nameInEntry(lines: readonly string[], first: number, indent: number): string | undefined {
  for (let at = first; at < lines.length; at++) {
    const text = lines[at] ?? '';
    const isKey = at === first || indentOf(text) === indent;
    const name = isKey ? /^[\s-]*name:\s*(.*?)\s*$/.exec(text)?.[1] : undefined;
    if (name !== undefined) return name;
    const ends = at > first && indentOf(text) < indent && /^\s*[^\s{]/.test(text);
    if (ends) return undefined;
  }
  return undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
