// Asks another service for the stock of each item; its readiness depends on it.
import { createServer } from 'node:http';
const app = process.env.APP ?? 'cart';
const upstream = process.env.UPSTREAM_URL ?? 'http://inventory:8080';
const path = process.env.UPSTREAM_PATH ?? '/v1/stock/';
const log = (level, msg, more = {}) =>
  console.log(
    JSON.stringify({ time: new Date().toISOString(), level, service: app, msg, ...more }),
  );
let failures = 0;
createServer((request, response) => {
  response.statusCode = request.url === '/ready' && failures > 2 ? 503 : 200;
  response.end(response.statusCode === 200 ? 'ok' : 'upstream failing');
}).listen(8080, () => log('info', 'listening', { port: 8080, upstream }));
for (let item = 4001; ; item += 1) {
  await new Promise((done) => setTimeout(done, 2000));
  try {
    const answer = await fetch(`${upstream}${path}${item}`, { signal: AbortSignal.timeout(3000) });
    failures = 0;
    log('info', 'stock read', { item, status: answer.status });
  } catch (error) {
    failures += 1;
    log('error', 'request to upstream failed', {
      item,
      attempt: failures,
      error: error.message,
      cause: error.cause?.message,
      code: error.cause?.code,
    });
    if (failures === 3) log('warn', 'circuit breaker open, marking not ready', { upstream });
  }
}
