import type { Random } from '../chaos/random';

type Make = (random: Random) => string;

/** What seldom stands in a log, and breaks who did not think of it. */
export const strange: readonly [Make, ...Make[]] = [
  () => '\0',
  () => '\t',
  () => '\r',
  () => '\u001b[31m\u001b]0;title',
  () => '\ud800',
  () => '\uFEFF\u2028\u202e',
  () => '\u{1F4A5}e\u0301',
  () => '__proto__',
  () => 'constructor',
  () => '$& $1 $<x> \\',
  () => '"',
  () => "'",
  () => '99999999999999999999999999',
  () => '-1',
  () => '1e400',
  () => '0x7fffffffffffffff',
  () => '275760-09-14T00:00:00Z',
  () => '9999-99-99T99:99:99.999999999Z',
  () => '0000-00-00 00:00:00',
  (random) => '9'.repeat(1 + random.below(400)),
  (random) => 'a'.repeat(random.below(6000)),
  (random) => ' '.repeat(random.below(3000)),
  (random) => '.:/-=<>()[]{}"\\'.charAt(random.below(15)).repeat(random.below(2000)),
];

const names = ['web', 'web-7d9c5b8f6d-x2x9z', 'db-0', '__proto__', '', 'constructor'] as const;
const words = ['Running', 'Pending', 'CrashLoopBackOff', 'OOMKilled', 'Error', '<none>'] as const;
const numbers = ['0', '1', '-1', '137', '99999999999999999999', '1e400', 'NaN', ''] as const;

const deep =
  (open: string, middle: string, close: string, most: number): Make =>
  (random) => {
    const depth = random.below(most);
    return open.repeat(depth) + middle + (random.below(3) === 0 ? '' : close.repeat(depth));
  };

/** Lines, and blocks of lines, in the formats that are read; whole, and with odd values in them. */
export const pieces: readonly [Make, ...Make[]] = [
  // kubectl describe
  (random) =>
    `Name:             ${random.pick(names)}\nNamespace:        ${random.pick(names)}\nStatus:           ${random.pick(words)}\nContainers:\n  ${random.pick(names)}:\n    Image:          web:1\n    Port:           ${random.pick(numbers)}/TCP\n    State:          ${random.pick(['Waiting', 'Running', 'Terminated'])}\n      Reason:       ${random.pick(words)}\n      Exit Code:    ${random.pick(numbers)}\n      Started:      Sat, ${random.pick(numbers)} Nov 2026 10:00:00 +0000\n    Ready:          False\n    Restart Count:  ${random.pick(numbers)}\n    Limits:\n      memory:  ${random.pick(numbers)}Mi\n    Liveness:       http-get http://:${random.pick(numbers)}/healthz delay=${random.pick(numbers)}s`,
  (random) =>
    `Events:\n  Type     Reason   Age                From     Message\n  ----     ------   ---                ----     -------\n  Warning  ${random.pick(['Unhealthy', 'BackOff', 'FailedMount', 'constructor'])}  ${random.pick(numbers)}m (x${random.pick(numbers)} over ${random.pick(numbers)}h)  kubelet  ${random.pick(strange)(random)}`,
  (random) =>
    `${' '.repeat(random.below(8))}${random.pick(names)}:${' '.repeat(random.below(4))}${random.pick(words)}`,
  // YAML
  (random) =>
    `apiVersion: v1\nkind: ${random.pick(['Pod', 'List', 'Event', 'Secret', 'Deployment', 'constructor'])}\nmetadata:\n  name: ${random.pick(names)}\nstatus:\n  phase: ${random.pick(words)}\n  containerStatuses:\n  - name: ${random.pick(names)}\n    restartCount: ${random.pick(numbers)}\n    state:\n      terminated:\n        exitCode: ${random.pick(numbers)}\n        reason: ${random.pick(words)}\n        finishedAt: "${random.pick(strange)(random)}"`,
  (random) =>
    Array.from({ length: random.below(200) }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  (random) => `${'- '.repeat(random.below(500))}a: |\n  ${random.pick(strange)(random)}`,
  (random) => `kind: Secret\ndata:\n  password: ${random.pick(strange)(random)}\n---`,
  // JSON
  deep('{"name":', '1', '}', 3000),
  deep('{"error":', '"x"', '}', 3000),
  deep('[', '', ']', 4000),
  deep('{"apiVersion":"v1","kind":"List","items":[', '', ']}', 300),
  (random) =>
    `{"level":"${random.pick(['error', 'info', '__proto__', ''])}","msg":${JSON.stringify(random.pick(strange)(random))},"service":${random.pick(['{"name":{"name":1}}', 'null', '"web"', '[]', '1e999'])},"status":${random.pick(['500', '"500"', 'null', '1e999'])}}`,
  (random) =>
    `{"log":${JSON.stringify(`${random.pick(words)}\n`)},"stream":"stderr","time":"${random.pick(strange)(random).replace(/["\\]/g, '')}"}`,
  (random) =>
    `[\n  {\n    "Id": "1",\n    "State": {\n      "Status": "exited",\n      "OOMKilled": true,\n      "ExitCode": ${random.pick(numbers)},\n      "FinishedAt": "${random.pick(numbers)}"\n    },\n    "HostConfig": {\n      "Memory": ${random.pick(numbers)}\n    }\n  }\n]`,
  // Tables
  (random) =>
    `NAME   READY   STATUS    RESTARTS   AGE\n${random.pick(names)}   ${random.pick(numbers)}/${random.pick(numbers)}   ${random.pick(words)}   ${random.pick(numbers)} (${random.pick(numbers)}m ago)   ${random.pick(numbers)}d`,
  (random) =>
    `LAST SEEN   TYPE      REASON      OBJECT      MESSAGE\n${random.pick(numbers)}s   Warning   ${random.pick(words)}   pod/${random.pick(names)}   ${random.pick(strange)(random)}`,
  (random) =>
    `CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O\n1f   ${random.pick(names)}   ${random.pick(numbers)}%   ${random.pick(numbers)}MiB / ${random.pick(numbers)}GiB   1%   1kB`,
  (random) =>
    `NAME   CPU(cores)   MEMORY(bytes)\n${random.pick(names)}   1m   ${random.pick(numbers)}Mi`,
  // Program output
  (random) =>
    `2026-11-21T10:00:0${random.below(10)}Z ERROR dial tcp 10.0.0.1:${random.pick(numbers)}: connect: connection refused`,
  (random) =>
    `java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:${random.pick(numbers)})\nCaused by: ${random.pick(strange)(random)}`,
  (random) =>
    `Traceback (most recent call last):\n  File "a.py", line ${random.pick(numbers)}\nKeyError: '${random.pick(names)}'`,
  (random) =>
    `10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET ${random.pick(strange)(random)} HTTP/1.1" ${random.pick(numbers)} 1`,
  (random) =>
    `Nov 21 10:00:00 node kernel: Memory cgroup out of memory: Killed process ${random.pick(numbers)} (${random.pick(names)}) total-vm:${random.pick(numbers)}kB`,
  (random) =>
    `nr_periods ${random.pick(numbers)}\nnr_throttled ${random.pick(numbers)}\noom_kill ${random.pick(numbers)}\nmemory.max ${random.pick(numbers)}`,
  (random) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${'QUJD1a'.repeat(random.below(60))}\n${random.pick(strange)(random)}`,
  (random) => `password="${random.pick(strange)(random)} token: ${random.pick(strange)(random)}`,
  (random) => random.pick(strange)(random),
  () => '',
];
