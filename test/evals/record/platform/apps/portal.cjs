// A koa site that keeps its sessions in signed cookies: the keys come from the environment.
const Koa = require('koa');
const { SESSION_KEYS, CACHE_URL = 'redis://cache:6379', PORT = '3000' } = process.env;

console.log(`portal 4.1.0 starting, cache ${CACHE_URL}`);
if (!CACHE_URL.startsWith('rediss:')) console.warn('warn: cache connection is not encrypted');
const keys = () => {
  if (!SESSION_KEYS)
    throw new Error('cannot sign session cookies: environment variable SESSION_KEYS is not set');
  return SESSION_KEYS.split(',');
};
const app = new Koa();
app.keys = keys();
app.use(async (ctx) => {
  ctx.body = 'portal\n';
});
app.listen(Number(PORT), () => console.log(`listening on ${PORT}`));
