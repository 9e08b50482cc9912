'use strict';
// An ordinary HTTP service: PORT says where it listens, HEALTH_PATH where its health is.
const http = require('node:http');
const port = Number(process.env.PORT || 3000);
const health = process.env.HEALTH_PATH || '/health';
const app = process.env.APP || 'orders';
const stamp = () => new Date().toISOString();
console.log(`${stamp()} info: ${app} booting (NODE_ENV=production)`);
console.log(`${stamp()} info: routes: GET ${health}, GET /api/${app}, POST /api/${app}`);
http
  .createServer((request, response) => {
    response.statusCode = request.url === health || request.url.startsWith('/api/') ? 200 : 404;
    response.end(response.statusCode === 200 ? '{"status":"ok"}' : 'Not Found');
    console.log(
      `${stamp()} access: ${request.method} ${request.url} ${response.statusCode} ${request.headers['user-agent'] || '-'}`,
    );
  })
  .listen(port, () => console.log(`${stamp()} info: Server listening on http://0.0.0.0:${port}`));
process.on('SIGTERM', () => {
  console.log(`${stamp()} info: SIGTERM received, shutting down gracefully`);
  process.exit(0);
});
