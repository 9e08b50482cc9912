import { open } from 'node:fs/promises';

/** A pseudo-random sequence, so that every run sees the same log. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PATHS = ['/', '/api/orders', '/api/users/42/cart', '/assets/app.js', '/login', '/healthz'];
const SERVICES = ['checkout', 'payments', 'catalog', 'gateway', 'blog-service'];

const HEALTHY: readonly ((r: (below: number) => number, time: string) => string)[] = [
  (r, time) =>
    `10.244.${r(9)}.${r(250)} - - [${time}] "GET ${PATHS[r(6)]} HTTP/1.1" 200 ${r(90000)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" ${r(900) / 1000}`,
  (r, time) =>
    `{"time":"${time}","level":"info","service":"${SERVICES[r(5)]}","msg":"request completed","trace":"${r(2 ** 31).toString(16)}${r(2 ** 31).toString(16)}","duration_ms":${r(800)},"status":200}`,
  (r, time) =>
    `${time}  INFO 1 --- [nio-8080-exec-${r(20)}] c.e.${SERVICES[r(5)]}.OrderController     : Order ${r(1e6)} accepted for customer ${r(1e5)}`,
  (r, time) =>
    `I1121 ${time.slice(11, 19)}.${r(1e6)}       1 reflector.go:${r(900)}] watch of *v1.Pod ended normally, ${r(3000)} items received`,
  (r, time) =>
    `time="${time}" level=info msg="sync finished" component=${SERVICES[r(5)]} objects=${r(400)} elapsed=${r(90)}ms`,
  (r, time) =>
    `${time} DEBUG ${SERVICES[r(5)]} cache lookup key=user:${r(1e6)} hit=true ttl=${r(600)}s size=${r(4096)}`,
];

const FAILING: readonly ((r: (below: number) => number, time: string) => string)[] = [
  (r, time) =>
    `${time} ERROR ${SERVICES[r(5)]} dial tcp 10.96.${r(250)}.${r(250)}:5432: connect: connection refused`,
  (r, time) =>
    `{"time":"${time}","level":"error","service":"${SERVICES[r(5)]}","msg":"upstream timed out after ${r(9000)} ms"}`,
  (r, time) =>
    `10.244.${r(9)}.${r(250)} - - [${time}] "GET ${PATHS[r(6)]} HTTP/1.1" 503 190 "-" "curl/8.5.0" 0.00${r(9)}`,
  (r, time) =>
    `${time} WARN ${SERVICES[r(5)]} Readiness probe failed: HTTP probe failed with statuscode: 500 pod=checkout-7d9c5b8f6d-x2x9z`,
  () => 'Caused by: java.net.SocketTimeoutException: Read timed out',
  (r, time) =>
    `${time} ERROR ${SERVICES[r(5)]} too many connections for role "app", request ${r(1e6)} dropped`,
];

/** The line that matters: it stands once, in the middle. */
export const NEEDLE =
  'kernel: Memory cgroup out of memory: Killed process 4711 (grafana) total-vm:812044kB';

/** Writes a mixed log of about `bytes`, one line in a hundred of which tells of a failure. */
export async function writeLog(path: string, bytes: number): Promise<void> {
  const blocks = Array.from({ length: 16 }, (_, index) =>
    Buffer.from(block(random(index + 1), 4 * 1024 * 1024)),
  );
  const file = await open(path, 'w');
  try {
    let written = 0;
    let needle = false;
    for (let n = 0; written < bytes; n++) {
      if (!needle && written >= bytes / 2) {
        await file.write(`${NEEDLE}\n`);
        needle = true;
      }
      written += (await file.write(blocks[n % blocks.length] ?? Buffer.alloc(0))).bytesWritten;
    }
  } finally {
    await file.close();
  }
}

function block(r: (below: number) => number, bytes: number): string {
  const lines: string[] = [];
  let length = 0;
  while (length < bytes) {
    const time = new Date(1795255200000 + r(86_400_000)).toISOString();
    const shapes = r(100) === 0 ? FAILING : HEALTHY;
    const line = shapes[r(shapes.length)]?.(r, time) ?? '';
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}
