// Storefront: plain node:http behind nginx, ES modules, text log lines.
import { createServer } from 'node:http';
import { loadFlags } from './flags.js';

const stamp = () => new Date().toISOString();
const say = (level, text) =>
  console[level === 'ERROR' ? 'error' : 'log'](`${stamp()} ${level.padEnd(5)} storefront ${text}`);
const port = Number(process.env.PORT ?? 4000);

const flags = loadFlags(process.env, say);
const sessions = [];

const server = createServer((req, res) => {
  const started = performance.now();
  if (flags.leakSessions) {
    sessions.push({
      at: stamp(),
      url: req.url,
      page: Array.from({ length: 20000 }, (_, i) => `${req.url}-${i}-${stamp()}`),
    });
  }
  res.setHeader('content-type', 'text/html');
  res.end('<h1>shop</h1>');
  say(
    'INFO',
    `${req.method} ${req.url} 200 ${(performance.now() - started).toFixed(1)}ms sessions=${sessions.length}`,
  );
});
server.listen(port, () => say('INFO', `listening on :${port}`));
