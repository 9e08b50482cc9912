import type { Question } from '../incident/analysis';
import type { Category } from '../incident/category';
import type { Incident } from '../incident/incident';
import type { CatalogueEntry, Look } from './entry';

/** What a server is wanted for. */
export interface CatalogueQuery {
  /** Most telling first. */
  keywords: readonly string[];
  category: Category | null;
  app: string | null;
}

/** What to look for in the catalogue for an incident: its keywords, its category and its app. */
export function queryOf({
  keywords,
  category,
  app,
}: Pick<Incident, 'keywords' | 'category' | 'app'>): CatalogueQuery {
  return { keywords, category, app };
}

/** What to look for when a person types words. */
export function queryOfWords(text: string): CatalogueQuery {
  return { keywords: text.split(/[\s,]+/).filter(Boolean), category: null, app: null };
}

/** What to ask a server about an incident, in the order of its entry. Every call only reads. */
export function questionsFor(entry: CatalogueEntry, query: CatalogueQuery): readonly Question[] {
  return entry.looks
    .filter((look) => fits(look, query))
    .map((look) => ({
      server: entry.name,
      tool: look.tool,
      arguments: look.arguments,
      why: look.why,
      ...(look.cites.length > 0 ? { cites: look.cites } : {}),
    }));
}

function fits(look: Look, { keywords, category }: CatalogueQuery): boolean {
  const asked = new Set(keywords.map((keyword) => keyword.toLowerCase()));
  return (
    look.keywords.some((keyword) => asked.has(keyword)) ||
    (category !== null && look.categories.includes(category))
  );
}
