'use strict';
// Reads its settings, then serves.
function log(level, msg, more) {
  process.stdout.write(
    JSON.stringify(
      Object.assign({ level, ts: new Date().toISOString(), logger: 'payments-api', msg }, more),
    ) + '\n',
  );
}
function setting(name) {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`STRIPE configuration incomplete: environment variable ${name} is not set`);
  return value;
}
log('info', 'payments-api starting', {
  version: '4.12.0',
  node: process.version,
  env: 'production',
});
log('info', 'feature flags loaded', { count: 17, source: 'file' });
log('info', 'tracing disabled', {
  reason: 'OTEL_EXPORTER_OTLP_ENDPOINT not set, using no-op exporter',
});
const settings = {
  currency: process.env.DEFAULT_CURRENCY || 'EUR',
  key: setting('STRIPE_SECRET_KEY'),
};
require('node:http')
  .createServer((request, response) => response.end('ok'))
  .listen(8080);
log('info', 'listening', { port: 8080, currency: settings.currency });
