// Signs every order; logs how long orders take and how late its timers run.
import { pbkdf2Sync } from 'node:crypto';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const log = (level, text) =>
  console.log(`${new Date().toISOString()} ${level.padEnd(5)} [checkout] ${text}`);
const lag = monitorEventLoopDelay();
lag.enable();
log('INFO', 'starting checkout 3.8.0');
createServer((request, response) => response.end('ok')).listen(8080, () =>
  log('INFO', 'listening on :8080'),
);
let order = 7700;
const sign = () => {
  order += 1;
  const start = Date.now();
  pbkdf2Sync(String(order), 'salt', 800_000, 64, 'sha512');
  const took = Date.now() - start;
  log(
    took > 1000 ? 'WARN' : 'INFO',
    `order o-${order} signed in ${took} ms${took > 1000 ? ' (budget 1000 ms)' : ''}, failed=0`,
  );
  setTimeout(sign, 200);
};
setTimeout(sign, 1000);
setInterval(() => {
  log(
    'INFO',
    `event loop delay p99=${Math.round(lag.percentile(99) / 1e6)}ms max=${Math.round(lag.max / 1e6)}ms rss=${Math.round(process.memoryUsage().rss / 1048576)}MiB`,
  );
  lag.reset();
}, 5000);
