const { z } = require('zod');

const schema = z.object({
  PORT: z.coerce.number().int().default(8080),
  REDIS_URL: z.string().url().optional(),
  STRIPE_WEBHOOK_SECRET: z.string(),
  PROVIDER_URL: z.string().url().default('http://provider-sandbox:9400'),
});

module.exports = function config(env) {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    console.error('Invalid environment variables:', parsed.error.flatten().fieldErrors);
    throw new Error('Invalid environment variables');
  }
  return parsed.data;
};
