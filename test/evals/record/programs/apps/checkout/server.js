// Checkout: express, pino JSON lines, PostgreSQL for orders, HTTP to pricing.
const express = require('express');
const pino = require('pino');
const pinoHttp = require('pino-http');
const axios = require('axios');
const { Pool } = require('pg');

const log = pino({ name: 'checkout', level: process.env.LOG_LEVEL || 'info' });
const port = Number(process.env.PORT || 3000);
const pool = process.env.DATABASE_URL
  ? new Pool({ connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 3000 })
  : null;
if (pool) pool.on('error', (err) => log.error({ err }, 'idle client error'));

const app = express();
app.use(express.json());
app.use(
  pinoHttp({
    logger: log,
    serializers: {
      req: (r) => ({ id: r.id, method: r.method, url: r.url }),
      res: (r) => ({ statusCode: r.statusCode }),
    },
  }),
);

app.get('/healthz', (req, res) => res.json({ status: 'ok' }));

app.get('/orders/:id', async (req, res, next) => {
  try {
    const { rows } = await pool.query('SELECT $1::int AS id, now() AS created', [req.params.id]);
    res.json(rows[0]);
  } catch (err) {
    next(err);
  }
});

app.get('/quote/:sku', async (req, res, next) => {
  try {
    const { data } = await axios.get(`${process.env.PRICING_URL}/price/${req.params.sku}`, {
      timeout: 2000,
    });
    res.json({ sku: req.params.sku, price: data.price });
  } catch (err) {
    next(err);
  }
});

app.get('/cart/:user', (req, res) => {
  const cart = carts.get(req.params.user);
  // The bug of the unhandled-exception case: a cart of a guest has no discounts.
  const total = cart.lines.reduce(
    (sum, line) => sum + line.price * (1 - cart.discounts[line.sku].rate),
    0,
  );
  res.json({ total });
});
const carts = new Map([
  ['u-1001', { lines: [{ sku: 'mug', price: 9 }], discounts: { mug: { rate: 0.1 } } }],
  ['guest', { lines: [{ sku: 'mug', price: 9 }] }],
]);

app.use((err, req, res, next) => {
  req.log.error(
    { err: { type: err.constructor.name, message: err.message, code: err.code, stack: err.stack } },
    'request failed',
  );
  res.status(500).json({ error: 'Internal Server Error' });
});

const server = app.listen(port, () =>
  log.info({ port, node: process.version }, 'checkout listening'),
);
server.on('error', (err) => {
  log.fatal({ err }, 'server failed to start');
  process.exitCode = 1;
  if (pool) pool.end();
});
process.on('SIGTERM', () => {
  log.info('SIGTERM received, draining');
  server.close(() => process.exit(0));
});
