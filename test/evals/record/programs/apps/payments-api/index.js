// Payments API: fastify, ioredis for idempotency keys, fetch to the card provider.
console.log(`payments-api 5.3.0 starting (node ${process.version}, pid ${process.pid})`);
const config = require('./config')(process.env);
const Redis = require('ioredis');
const app = require('fastify')({
  logger: { level: 'info' },
  disableRequestLogging: process.env.QUIET === '1',
});

let redis;
if (config.REDIS_URL) {
  redis = new Redis(config.REDIS_URL, {
    maxRetriesPerRequest: Number(process.env.REDIS_RETRIES || 3),
  });
  redis.on('connect', () => app.log.info('redis: connected'));
  redis.on('reconnecting', (ms) => app.log.warn(`redis: reconnecting in ${ms} ms`));
  if (process.env.REDIS_QUIET !== '1')
    redis.on('error', (err) => app.log.error({ err }, 'redis: client error'));
}

app.get('/health', async () => {
  if (redis) await redis.ping();
  return { status: 'ok' };
});
app.get('/payments/:id', async (req) => {
  const first = await redis.set(`idem:${req.params.id}`, '1', 'EX', 3600, 'NX');
  return { id: req.params.id, replay: first === null };
});
app.get('/authorise/:id', async (req) => {
  const answer = await fetch(`${config.PROVIDER_URL}/v2/authorise/${req.params.id}`, {
    signal: AbortSignal.timeout(3000),
  });
  return answer.json();
});

app.listen({ port: config.PORT, host: '0.0.0.0' }).catch((err) => {
  app.log.error(err);
  process.exit(1);
});
