// Builds monthly reports in memory; keeps the rows of all tenants.
const log = (level, msg, more = {}) =>
  console.log(
    JSON.stringify({
      level,
      time: Date.now(),
      pid: process.pid,
      hostname: process.env.HOSTNAME,
      name: 'report-worker',
      msg,
      ...more,
    }),
  );
const rows = [];
log(30, 'worker ready', { queue: 'reports', node: process.version });
let tenant = 0;
const timer = setInterval(() => {
  tenant += 1;
  for (let row = 0; row < 45_000; row += 1)
    rows.push({ tenant, row, text: `order ${tenant}-${row}`, total: Math.random() });
  log(30, 'tenant loaded', {
    tenant: `t-${1000 + tenant}`,
    rows: rows.length,
    heapUsedMb: Math.round(process.memoryUsage().heapUsed / 1048576),
  });
  if (tenant > 500) clearInterval(timer);
}, 300);
