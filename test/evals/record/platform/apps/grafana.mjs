// Speaks like Grafana: logfmt lines, an HTTP API, and dashboards that keep every rendered frame.
import { createServer } from 'node:http';

const log = (logger, level, msg, rest = '') =>
  console.log(
    `logger=${logger} t=${new Date().toISOString().replace('Z', '000000Z')} level=${level} msg="${msg}"${rest && ` ${rest}`}`,
  );
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

log('settings', 'info', 'Starting Grafana', 'version=10.4.2 commit=701c851be7 branch=HEAD');
log('settings', 'info', 'Config loaded from', 'file=/usr/share/grafana/conf/defaults.ini');
log('settings', 'info', 'App mode production');
log('sqlstore', 'info', 'Connecting to DB', 'dbtype=sqlite3');
log('migrator', 'info', 'Starting DB migrations');
await wait(300);
log('migrator', 'info', 'migrations completed', 'performed=0 skipped=558 duration=1.27ms');
log('secrets', 'info', 'Envelope encryption state', 'enabled=true currentprovider=secretKey.v1');
log('plugin.store', 'info', 'Loading plugins...');
log('plugin.store', 'info', 'Plugins loaded', 'count=55 duration=41.06ms');
log('query_data', 'info', 'Query Service initialization');
log('live.push_http', 'info', 'Live Push Gateway initialization');
log(
  'ngalert.state.manager',
  'info',
  'State cache has been initialized',
  'states=214 duration=12.4ms',
);
log('ngalert.scheduler', 'info', 'Starting scheduler', 'tickInterval=10s maxAttempts=1');
const frames = [];
createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"database":"ok","version":"10.4.2"}');
}).listen(3000, () => {
  log(
    'http.server',
    'info',
    'HTTP Server Listen',
    'address=[::]:3000 protocol=http subUrl= socket=',
  );
});
await wait(2000);
const boards = [
  'cluster-overview',
  'checkout-latency',
  'node-exporter-full',
  'payments-slo',
  'kafka-lag',
];
for (let query = 1; ; query += 1) {
  const board = boards[query % boards.length];
  const frame = Buffer.alloc(24 << 20, query);
  frames.push(frame);
  log(
    'context',
    'info',
    'Request Completed',
    `userId=1 orgId=1 uname=admin method=POST path=/api/ds/query status=200 remote_addr=10.244.0.1 time_ms=${320 + query * 41} duration=${320 + query * 41}.${query}ms size=${(frame.length * query) % 9_000_000} referer="https://grafana.example.com/d/${board}?from=now-90d" handler=/api/ds/query`,
  );
  if (query % 6 === 0)
    log(
      'tsdb.prometheus',
      'warn',
      'Query returned a large number of series',
      `datasource=prometheus series=${query * 4180} dashboard=${board}`,
    );
  await wait(450);
}
