import { z } from 'zod';

import type { categories } from '../../../src/incident/category';
import { parseCategory } from '../../../src/incident/category';
import type { CatalogueEntry } from '../../../src/catalog/entry';

const sentence = z.string().min(1).max(240);
const word = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);
const date = z.iso.date();
const category = z.custom<keyof typeof categories>(
  (value) => typeof value === 'string' && parseCategory(value) !== undefined,
);
const sri = z
  .string()
  .regex(/^(sha(256|384|512)-[A-Za-z0-9+/]+={0,2})( sha256-[A-Za-z0-9+/]+={0,2})*$/);
/** A version and nothing that may become another one. */
const version = z.string().regex(/^\d+\.\d+(\.\d+)*$/);

const program = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bundled'), script: z.enum(['stats', 'kubectl', 'logs']) }),
  z.strictObject({
    kind: z.literal('npm'),
    package: z.string().regex(/^(@[a-z0-9-]+\/)?[a-z0-9.-]+$/),
    version,
    integrity: sri,
    bin: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('pypi'),
    package: word,
    version,
    integrity: sri,
    command: z.string().nullable(),
  }),
]);

/** What an entry of the bundled list must look like: stricter than its type. */
export const bundledSchema: z.ZodType<CatalogueEntry> = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  title: z.string().min(3).max(60),
  purpose: sentence.regex(/\.$/),
  keywords: z.array(word).min(1),
  categories: z.array(category).nullable(),
  program,
  args: z.array(z.string()),
  publisher: z.string().min(1),
  official: z.boolean(),
  state: z.enum(['none', 'session']),
  environment: z.array(
    z.strictObject({
      name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
      description: sentence,
      required: z.boolean(),
      secret: z.boolean(),
      default: z.string().min(1).optional(),
      isEndpoint: z.boolean().optional(),
      isFile: z.boolean().optional(),
      mint: z.literal('kubeconfig').optional(),
    }),
  ),
  hosts: z.array(z.string().regex(/^((\$\{[A-Z0-9_]+\})|[a-z0-9.*-])+(:(\d+|\$\{[A-Z0-9_]+\}))?$/)),
  tools: z.array(
    z.strictObject({
      name: z.string().min(1),
      description: z.string().max(120),
      readOnly: z.boolean(),
    }),
  ),
  looks: z.array(
    z.strictObject({
      keywords: z.array(word),
      categories: z.array(category),
      tool: z.string(),
      arguments: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      why: sentence.regex(/[^.]$/),
      cites: z.array(z.string().min(1)).min(1),
    }),
  ),
  needsBuild: z.boolean(),
  origin: z.literal('bundled'),
  releasedOn: date.nullable(),
  provenance: z.strictObject({
    startedOn: date.nullable(),
    transcript: z.string().nullable(),
    notStarted: sentence.max(300).nullable(),
  }),
});
