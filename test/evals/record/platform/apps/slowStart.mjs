// Warms its search cache before it serves: takes as long as START_SECONDS says.
import { createServer } from 'node:http';
const app = process.env.APP ?? 'search';
const seconds = Number(process.env.START_SECONDS ?? 90);
const log = (level, text) =>
  console.log(`time="${new Date().toISOString()}" level=${level} app=${app} msg="${text}"`);
let ready = false;
const serve = () =>
  createServer((request, response) => {
    if (request.url !== '/healthz' && request.url !== '/readyz') response.statusCode = 404;
    else if (!ready) response.statusCode = 503;
    response.end(ready ? 'ok' : 'warming up');
  }).listen(8080, () => log('info', 'http server listening on :8080'));
log('info', 'starting, version 5.1.0');
if (process.env.SERVE_EARLY) serve();
const total = 480_000;
for (let part = 1; part <= 20; part += 1) {
  await new Promise((done) => setTimeout(done, (seconds * 1000) / 20));
  log('info', `warming cache: ${part * (total / 20)}/${total} products (${part * 5}%)`);
}
ready = true;
log('info', 'cache is warm');
if (!process.env.SERVE_EARLY) serve();
