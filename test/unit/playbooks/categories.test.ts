import { describe, expect, it } from 'vitest';
import type { Category } from '../../../src/incident/category';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

const event = (type: string, reason: string, message: string): string =>
  [
    'LAST SEEN   TYPE      REASON             OBJECT                          MESSAGE',
    `12s         ${type.padEnd(7)}   ${reason.padEnd(16)}   pod/checkout-7d9f8c6b5d-x2x9z   ${message}`,
  ].join('\n');

const swarmTask = (error: string): string =>
  [
    'ID                          NAME         IMAGE                 NODE      DESIRED STATE   CURRENT STATE          ERROR',
    `2f7kwgyx620t1gbgddhbns73h   checkout.1   shop/checkout:5.3.1             Running         Pending 2 minutes ago  "${error}"`,
  ].join('\n');

/** What each category really prints, on different platforms, and what only looks like it. */
const samples: Record<string, { real: readonly string[]; alike: readonly string[] }> = {
  'oom-killed': {
    real: [
      '[ 1234.5] Memory cgroup out of memory: Killed process 4242 (node) total-vm:1048576kB, anon-rss:524288kB',
      "Nov 21 10:00:00 host systemd[1]: checkout.service: Failed with result 'oom-kill'.",
    ],
    alike: ['container exited with exit code 137', '"OOMKilled": false,', 'oom_kill 0'],
  },
  'heap-exhausted': {
    real: [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
      'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/shop/cart.php on line 9',
    ],
    alike: [
      'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory',
      'INFO heap used 120 MB of 512 MB',
    ],
  },
  'cpu-throttled': {
    real: [
      'nr_periods 1000\nnr_throttled 720\nthrottled_usec 99000000',
      'CPUThrottlingHigh: 63.1% throttling of CPU in namespace shop for container checkout',
    ],
    alike: ['nr_periods 1000\nnr_throttled 4\nthrottled_usec 12000'],
  },
  'disk-full': {
    real: [
      'write /var/lib/data/segment-1: no space left on device',
      'PANIC:  could not write to file "pg_wal/xlogtemp.41": No space left on device',
      'sqlite3.OperationalError: database or disk is full',
    ],
    alike: [
      'Error: ENOSPC: System limit for number of file watchers reached, watch /srv/app',
      'INFO disk is 40% full',
    ],
  },
  'read-only-filesystem': {
    real: [
      "Error: EROFS: read-only file system, mkdir '/var/cache/shard-0'",
      "OSError: [Errno 30] Read-only file system: '/srv/data/queue.db'",
      '2026/11/21 14:57:13 [crit] 130#130: *13 open() "/var/cache/edge/body/0000000003" failed (30: Read-only file system), client: 127.0.0.1',
      "touch: cannot touch '/data/x': Read-only file system",
      '[Sat Nov 21 12:00:00 2026] EXT4-fs (sdb1): Remounting filesystem read-only',
    ],
    alike: [
      'INFO the replica is read-only, writes go to the primary',
      'INFO mounted /usr read-only',
      'ERROR: cannot execute INSERT in a read-only transaction',
    ],
  },
  'volume-unbound': {
    real: [
      swarmTask('no suitable node (missing plugin on 1 node)'),
      'Volume wiki-data specifies nonexistent driver rexray/ebs',
      'docker: Error response from daemon: create wiki-data: error looking up volume plugin rexray/ebs: plugin "rexray/ebs" not found.',
      'external volume "wiki-data" not found',
      event(
        'Warning',
        'FailedScheduling',
        '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      ),
      event('Warning', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found'),
    ],
    alike: [
      event(
        'Normal',
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
      ),
    ],
  },
  'unschedulable-resources': {
    real: [
      swarmTask('no suitable node (insufficient resources on 1 node)'),
      swarmTask(
        'no suitable node (scheduling constraints not satisfied on 4 nodes; insufficient resources on 1 node)',
      ),
      'sbatch: error: Memory specification can not be satisfied',
      'sbatch: error: Batch job submission failed: Requested node configuration is not available',
      event(
        'Warning',
        'FailedScheduling',
        '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient memory.',
      ),
      event(
        'Warning',
        'OutOfcpu',
        "Node didn't have enough resource: cpu, requested: 4000, used: 2100, capacity: 4000",
      ),
    ],
    alike: ['WARN Insufficient funds on account 12'],
  },
  'unschedulable-constraints': {
    real: [
      swarmTask('no suitable node (scheduling constraints not satisfied on 3 nodes)'),
      'sbatch: error: Batch job submission failed: Invalid feature specification',
      event(
        'Warning',
        'FailedScheduling',
        "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      ),
      event(
        'Warning',
        'FailedScheduling',
        '0/2 nodes are available: 2 node(s) had untolerated taint {gpu: true}. preemption: 0/2 nodes are available',
      ),
    ],
    alike: ["INFO the rules didn't match, using defaults"],
  },
  'image-not-found': {
    real: [
      'Failed to pull image "shop/web:9": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/web:9": failed to resolve reference "docker.io/shop/web:9": docker.io/shop/web:9: not found',
      'docker: Error response from daemon: manifest for shop/web:9 not found: manifest unknown: manifest unknown.',
    ],
    alike: ['Successfully pulled image "shop/web:9" in 1.2s'],
  },
  'image-unauthorized': {
    real: [
      'Failed to pull image "registry.example/web:1": failed to resolve reference "registry.example/web:1": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
      "Error response from daemon: pull access denied for shop/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    alike: ['POST /login 401 Unauthorized for user 12'],
  },
  'missing-env': {
    real: [
      'No application encryption key has been specified.',
      '** (System.EnvError) could not fetch environment variable "SECRET_KEY_BASE" because it is not set',
      'Error: DATABASE_URL not provided',
      'ValueError: SECRET_KEY must not be empty',
      '2026/11/21 10:00:00 missing env DATABASE_URL',
      'ZodError: [\n  {\n    "received": "undefined",\n    "path": [\n      "DATABASE_URL"\n    ],\n    "message": "Required"\n  }\n]',

      "  File \"/srv/app/settings.py\", line 4, in <module>\n    url = os.environ['DATABASE_URL']\nKeyError: 'DATABASE_URL'",
      'Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder \'billing.url\' in value "${billing.url}"',
      'run.sh: line 3: API_TOKEN: unbound variable',
    ],
    alike: ['INFO LOG_LEVEL is not set, using default info', "KeyError: 'name'"],
  },
  'missing-config-ref': {
    real: [
      event('Warning', 'Failed', 'Error: configmap "checkout-config" not found'),
      event('Warning', 'Failed', "Error: couldn't find key password in Secret shop/db"),
    ],
    alike: [
      event(
        'Warning',
        'FailedToRetrieveImagePullSecret',
        'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
      ),
    ],
  },
  'bad-command': {
    real: [
      'Error: crun: executable file `web` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      'bundler: command not found: puma',
      "error: Found argument '--prot' which wasn't expected, or isn't valid in this context",
      '[PM2][ERROR] Script not found: /app/server.js',

      'exec: "serve": executable file not found in $PATH: unknown',
      '/entrypoint.sh: 7: exec: imagemagick-server: not found',
      'Error: Unable to access jarfile /app/app.jar',
    ],
    alike: ['GET /run.sh 404 not found'],
  },
  'permission-denied': {
    real: [
      "Error: EACCES: permission denied, open '/var/lib/shop/state.json'",
      "PermissionError: [Errno 13] Permission denied: '/data/out'",
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
    ],
    alike: ['ERROR:  permission denied for table orders', 'sshd: Permission denied (publickey).'],
  },
  'port-in-use': {
    real: [
      '[ALERT] 324/101112 (1) : Starting frontend main: cannot bind socket [0.0.0.0:8080]',
      'LOG:  could not bind IPv4 address "0.0.0.0": Address already in use',
      'OSError: [Errno 48] Address already in use',
      'Error: That port is already in use.',
      'Port 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.',
      'probably another instance of uWSGI is running on the same address (:3031).',
      'java.io.IOException: Failed to bind to address 0.0.0.0/0.0.0.0:8080',
      '# Failed listening on port 6379 (TCP), aborting.',
      'System.Net.Sockets.SocketException (10048): Only one usage of each socket address (protocol/network address/port) is normally permitted.',

      'Error: listen EADDRINUSE: address already in use :::3000',
      '2026-11-21 10:00:00.000 UTC [12] LOG:  could not bind IPv4 address "0.0.0.0": Address already in use',
      'Bind for 0.0.0.0:8080 failed: port is already allocated',
    ],
    alike: ['INFO email address already registered'],
  },
  'liveness-failed': {
    real: [
      event(
        'Warning',
        'Unhealthy',
        'Liveness probe failed: HTTP probe failed with statuscode: 500',
      ),
      'Nov 21 10:00:00 host systemd[1]: checkout.service: Watchdog timeout (limit 30s)!',
    ],
    alike: ['GET /livez 200 1ms'],
  },
  'readiness-failed': {
    real: [
      'Container failed readiness probe 9 times',
      '[WARNING] Health check for server be/app1 failed, reason: Layer4 connection problem',

      event(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: Get "http://10.1.0.9:8080/ready": context deadline exceeded',
      ),
      '[WARNING] (1) : Server shop/a is DOWN, reason: Layer7 wrong status, code: 503, check duration: 2ms.',
    ],
    alike: [
      '[WARNING] (1) : Server shop/a is DOWN, reason: Layer7 wrong status, code: 503\n[WARNING] (1) : Server shop/a is UP, reason: Layer7 check passed, code: 200',
    ],
  },
  'dns-failure': {
    real: [
      'Error: getaddrinfo ENOTFOUND inventory.shop.svc',
      'dial tcp: lookup inventory on 10.96.0.10:53: no such host',
      'requests.exceptions.ConnectionError: Failed to resolve: [Errno -3] Temporary failure in name resolution',
    ],
    alike: ['npm error code ENOTFOUND npm registry', 'no such hostel found'],
  },
  'connection-refused': {
    real: [
      'Error: connect ECONNREFUSED 10.0.0.3:8080',
      '[error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.9:8000/"',
    ],
    alike: [
      'connection_refused=0 timeouts=0',
      'INFO 0 connection refused errors in the last minute',
    ],
  },
  'database-unavailable': {
    real: [
      'PostgreSQL connection failed',
      'psycopg2.OperationalError: connection to server at "db" (10.0.0.4), port 5432 failed: Connection refused',
      'Error: connect ECONNREFUSED 10.0.0.4:3306',
    ],
    alike: ['FATAL:  password authentication failed for user "shop"'],
  },
  'cache-unavailable': {
    real: [
      'Redis ECONNREFUSED',
      'redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.',
      'Error: connect ECONNREFUSED 10.0.0.5:11211',
    ],
    alike: ['Redis connected after 2 attempts', 'cache miss for key 12'],
  },
  'forbidden-rbac': {
    real: [
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:shop:web" cannot list resource "pods" in API group "" in the namespace "shop"',
      'Forbidden!Configured service account doesn\'t have access. Service account may have been revoked. jobs.batch is forbidden: User "system:serviceaccount:shop:web" cannot create resource "jobs"',
    ],
    alike: ['pods "web-1" is forbidden: exceeded quota: small, requested: cpu=1'],
  },
  'unhandled-exception': {
    real: [
      '** (FunctionClauseError) no function clause matching in Shop.Cart.total/1',

      'panic: runtime error: index out of range [3] with length 2\n\ngoroutine 1 [running]:\nmain.main()',
      "TypeError: Cannot read properties of undefined (reading 'id')\n    at pay (/srv/shop/pay.js:3:1)\nthrow er; // Unhandled 'error' event\n\nNode.js v20.20.2",
    ],
    alike: ['INFO exceptions: 0'],
  },
  'dependency-missing': {
    real: [
      "ModuleNotFoundError: No module named 'flask'",
      "Error: Cannot find module 'express'\nRequire stack:\n- /srv/app/server.js",
      'java.lang.NoClassDefFoundError: org/postgresql/Driver',
    ],
    alike: ["Error: Cannot find module '/srv/app/server.js'"],
  },
  'docker-unreachable': {
    real: [
      'Error: Cannot connect to Docker daemon',
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
    ],
    alike: ['INFO connected to docker 27.1'],
  },
  'crash-loop': {
    real: [
      '2026-11-21 10:00:00,000 INFO gave up: web entered FATAL state, too many start retries too quickly',

      'NAME                        READY   STATUS             RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   0/1     CrashLoopBackOff   6 (10s ago)   9m',
      'Nov 21 10:00:00 host systemd[1]: checkout.service: Start request repeated too quickly.',
    ],
    alike: [
      'NAME                        READY   STATUS    RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   6 (12d ago)   40d',
    ],
  },
};

describe.each(Object.entries(samples))('%s', (category, { real, alike }) => {
  it.each(real)('is seen in: %s', (text) => {
    const analysis = analyse([evidence(text)]);
    expect(analysis.category).toBe(category as Category);
    const cited = analysis.rootCause?.evidence ?? [];
    expect(cited.length).toBeGreaterThan(0);
    for (const citation of cited) expect(text.split('\n')).toContain(citation.text);
  });

  it.each(alike)('is not seen in: %s', (text) => {
    expect(analyse([evidence(text)]).category).not.toBe(category);
  });
});
