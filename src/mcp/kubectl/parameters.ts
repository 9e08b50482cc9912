import { z } from 'zod';

import type { Place } from '../kubernetes/kubeconfig';

/** Where every tool looks. */
export const placeInput = {
  context: z
    .string()
    .min(1)
    .optional()
    .describe('Context of the kubeconfig; needed when it has several'),
  namespace: z.string().min(1).max(63).optional().describe('Namespace'),
};

/** Said with every answer. */
export const placeOutput = z.object({
  context: z.string(),
  namespace: z.string(),
  assumed: z.string().nullable().describe('What was not given but taken from the kubeconfig'),
});

export const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'must be a name as Kubernetes allows them');

/** One page of a long list. */
export const pageInput = {
  limit: z.number().int().min(1).max(500).default(100).describe('Most entries in the answer'),
  continue: z.string().optional().describe('`next` of the answer before, for the entries after it'),
};

export const nextPage = z.string().nullable().describe('Give it as `continue` for the next page');

/** Puts in front of a text what was assumed of the place; nothing where all was given. */
export function placed(place: Place, text: string): string {
  return place.assumed === null ? text : `# ${place.assumed}\n${text}`;
}

/** Says at the end of a list that it goes on. */
export function paged(text: string, next: string | null): string {
  return next === null ? text : `${text}\n# There is more: ask again with continue=${next}`;
}
