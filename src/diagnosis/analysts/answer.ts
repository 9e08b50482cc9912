import { z } from 'zod';

import { categories, type Category } from '../../incident/category';
import type { ModelTool } from './model';

const slugs = Object.keys(categories) as [Category, ...Category[]];
const confidence = z.number().min(0).max(1);

const answer = z.object({
  verdict: z.enum(['incident', 'no-incident', 'insufficient-evidence']),
  category: z.enum(slugs).nullable().describe('The deepest cause that the evidence proves'),
  confidence: confidence.describe('Probability that it is the root cause'),
  summary: z.string().max(600).describe('What broke and why, two sentences at most'),
  mechanism: z.enum(slugs).nullable().describe('How a known peer failed; else null'),
  citations: z
    .array(
      z.object({
        evidence: z.string().describe('Name of the text, for example E1'),
        line: z.number().int().min(1),
        text: z.string().min(1).max(2_000).describe('The line, word for word'),
      }),
    )
    .max(12)
    .describe('The lines that prove it, the proof first'),
  alternatives: z
    .array(z.object({ category: z.enum(slugs), confidence, why: z.string().max(300) }))
    .max(5),
});

/** What a model says, as it said it: nothing of it is checked against the evidence yet. */
export type ModelAnswer = z.output<typeof answer>;

/** The tool by which a model gives its answer. */
export const answerTool: ModelTool = {
  name: 'answer',
  description: 'Gives your answer. Call it once, when you have looked at what you need.',
  inputSchema: z.toJSONSchema(answer, { target: 'draft-7' }),
};

/** The answer, or what is wrong with it in words for the model. */
export function readAnswer(given: unknown): { answer: ModelAnswer } | { problem: string } {
  const read = answer.safeParse(given);
  if (read.success) return { answer: read.data };
  if (typeof given === 'string') return { problem: 'The arguments were no whole JSON object.' };
  return { problem: z.prettifyError(read.error).slice(0, 1_000) };
}
