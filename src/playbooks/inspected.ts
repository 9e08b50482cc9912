import type { FactValues } from '../incident/analysis';
import type { Category } from '../incident/category';
import type { Citation } from '../incident/evidence';
import { roleWeights, type Finding } from './playbook';
import type { Condition, Picture } from './read/picture';

interface More {
  role?: Finding['role'];
  weight?: number;
  facts?: Partial<FactValues>;
  mechanism?: string;
  app?: string | null;
}

/** A finding of parsed platform output. Findings of one `what` are one witness. */
export function seen(
  category: Category,
  what: string,
  citation: Citation,
  { role = 'fact', weight = roleWeights[role], facts = {}, mechanism, app = null }: More = {},
): Finding {
  return {
    category,
    key: `${category}:${what}`,
    role,
    weight,
    citation,
    facts,
    mechanism: mechanism ?? null,
    app,
    order: 0,
  };
}

/** Pods whose status, as a table or an object prints it, is the failure itself. */
export function ofStatus(
  { pods }: Picture,
  category: Category,
  words: RegExp,
  weight: number,
): Finding[] {
  return pods.flatMap(({ status, app }) =>
    status && words.test(status.value)
      ? [seen(category, 'status', status.citation, { weight, app })]
      : [],
  );
}

export function isTrue({ status }: Condition): boolean {
  return status === 'True';
}
