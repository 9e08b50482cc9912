// Notifications worker: winston text lines, jobs from a Redis list, templates from the disk.
const winston = require('winston');
const { createClient } = require('redis');
const fs = require('node:fs');
const path = require('node:path');

const log = winston.createLogger({
  format: winston.format.combine(
    winston.format.timestamp(),
    winston.format.errors({ stack: true }),
    winston.format.printf(
      (i) =>
        `${i.timestamp} [${i.level.toUpperCase()}] notifications: ${i.message}${i.stack ? '\n' + i.stack : ''}`,
    ),
  ),
  transports: [new winston.transports.Console()],
});

const outbox = process.env.OUTBOX_DIR || '/var/spool/notifications';
const every = Number(process.env.EVERY_MS || 400);

async function main() {
  log.info(`starting worker, concurrency 4, outbox ${outbox}`);
  const redis = createClient({
    url: process.env.REDIS_URL,
    socket: { reconnectStrategy: (n) => Math.min(n * 100, 800) },
  });
  redis.on('error', (err) => log.error(`queue poll failed: ${err.message || err.code || err}`));
  redis.on('ready', () => log.info('queue ready'));
  await redis.connect();
  let sent = 0;
  for (;;) {
    try {
      const job = await redis.lPop('notifications:jobs');
      const name = `welcome-${Date.now()}.eml`;
      await fs.promises.writeFile(
        path.join(outbox, name),
        `Subject: hello\n\n${'x'.repeat(Number(process.env.MAIL_BYTES || 2000))}\n`,
      );
      sent += 1;
      log.info(`delivered ${name} to outbox (${sent} sent${job ? ', job ' + job : ''})`);
    } catch (err) {
      log.error(`job failed, retrying in ${every} ms`, err);
    }
    await new Promise((done) => setTimeout(done, every));
  }
}
main().catch((err) => {
  log.error('worker crashed', err);
  process.exit(1);
});
