import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { wilson } from '../../../src/evals/share';
import { evidence } from './evidence';

describe('without signs of failure or of health', () => {
  it.each([
    'something odd',
    'why is checkout slow?',
    'what does "connect ECONNREFUSED 10.0.0.5:5432" mean?',
    'Error: something went wrong',
    'ERROR 7121 frobnication of the gribble did not work out',
    'WARN request timed out after 5000 ms\nWARN request timed out after 5000 ms\nWARN request timed out after 5000 ms',
    'ERROR worker: operation timed out\nERROR worker: operation timed out',
    'NAME                    READY   STATUS             RESTARTS      AGE\norders-7d9c4b8f6-2xkqp   0/1     CrashLoopBackOff   14 (2m ago)   49m',
    'CONTAINER ID   IMAGE   COMMAND   CREATED      STATUS                  PORTS   NAMES\na1b2c3d4e5f6   api:2   "api"     2 days ago   Up 2 days (unhealthy)           api',
    'Error: UPGRADE FAILED: context deadline exceeded',
    'INFO GET /cart 200 12ms\nINFO GET /cart 504 5003ms\nINFO GET /cart 504 5002ms',
    'Reading the plan.\nIt has 5 parts.\nPart 1 is read.\nPart 2 is read.\nPart 3 is read.\nPart 4 is read.\nplanner: error: part 5 holds no end\nIt names the part before it.\nThat one has no name.\nGive it one.\nThe form is in the manual.',
  ])('abstains and says what to collect: %s', (text) => {
    const analysis = analyse([evidence(text)]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.missing.length).toBeGreaterThan(0);
  });

  it('abstains on the sample of requests that time out', async () => {
    const file = path.resolve(
      import.meta.dirname,
      '../../../media/sample/logs/payments-timeout.log',
    );
    const analysis = analyse([evidence(await readFile(file, 'utf8'))]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.missing.length).toBeGreaterThan(0);
  });
});

describe('with signs of health', () => {
  it.each([
    // What is said at every start, and what comes of who knocks at the door
    'W1121 10:00:01.000001 1 authentication.go:370] Error looking up in-cluster authentication configuration: configmaps "extension-apiserver-authentication" is forbidden: User "system:pruner" cannot get resource "configmaps"\nW1121 10:00:01.000002 1 authentication.go:371] Continuing without authentication configuration. This may treat all requests as anonymous.\nI1121 10:00:02.000001 1 secure_serving.go:213] Serving securely on 127.0.0.1:10259',
    'E1121 10:00:01.000001 99 kubelet.go:2173] "Skipping pod synchronization" err="PLEG is not healthy: pleg has yet to be successful"\nI1121 10:00:02.000001 99 kubelet.go:2124] "Starting kubelet main sync loop"\nI1121 10:00:09.000001 99 pod_startup_latency_tracker.go:102] "Observed pod startup duration" pod="till/web-1"\nI1121 10:10:09.000001 99 scope.go:117] "RemoveContainer" containerID="aa"',
    'time="2026-11-21T10:00:01Z" level=error msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"\ntime="2026-11-21T10:00:31Z" level=info msg="Start cni network conf syncer for default"\ntime="2026-11-21T10:00:41Z" level=info msg="StartContainer returns successfully"',
    '[2026-11-21 10:00:01.101][1][warning][config] DeltaAggregatedResources gRPC config stream to xds closed: 14, connection error: desc = "transport: Error while dialing: dial tcp 10.3.0.9:15012: connect: connection refused"\n[2026-11-21 10:00:02.101][1][info][config] all dependencies initialized. starting workers\n[2026-11-21 10:00:03.101][1][info][upstream] cds: add 14 cluster(s), remove 0 cluster(s)',
    '2026/11/21 10:00:01 listening on :8443\n2026/11/21 10:00:02 http: TLS handshake error from 203.0.113.9:5012: tls: client offered only unsupported versions: [301]\n2026/11/21 10:00:03 GET /items 200 3ms',
    'INFO listening on port 8080',
    'GET /cart HTTP/1.1" 200 512',
    'INFO a\nINFO b\nINFO c',
    'NAME                        READY   STATUS    RESTARTS   AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   0          40h',
    'WARN connection lost, retry 1\nINFO retry succeeded',
    `${'ERROR queue poll failed: connect ECONNREFUSED 10.0.6.5:6379\n'.repeat(3)}${'INFO delivered welcome.eml (7 sent)\n'.repeat(5)}`,
    `${'[error] connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.4:80/"\n'.repeat(2)}${'"GET /p/1 HTTP/1.1" 200 23\n'.repeat(10)}`,
    '1:S 21 Nov 2026 14:56:57.433 # Error condition on socket for SYNC: Connection refused\n1:S 21 Nov 2026 14:56:58.433 * Connecting to MASTER db:6379\n1:S 21 Nov 2026 14:56:58.434 * MASTER <-> REPLICA sync: Finished with success\n1:S 21 Nov 2026 14:56:59.434 * Background saving terminated with success',
    'Setting up error-reporter (2.1.4) ...\ndebconf: unable to initialize frontend: Dialog\ndebconf: (TERM is not set, so the dialog frontend is not usable.)\nfinished',
    'ID   NAME           IMAGE   NODE     DESIRED STATE   CURRENT STATE           ERROR\na1   shop.1         s:2     node-1   Running         Running 2 minutes ago\na2    \\_ shop.1     s:1     node-1   Shutdown        Failed 2 minutes ago    "task: non-zero exit (1)"',
    // Scanners try every door of a server.
    'sshd[7]: Connection closed by invalid user admin 203.0.113.9 port 511 [preauth]\nsshd[8]: Accepted publickey for deploy from 10.0.0.4',
    '[authz_core:error] [client 203.0.113.9:412] AH01630: client denied by server configuration: /var/www/.env\n[core:notice] server ready',
    `${'[authz_core:error] [client 203.0.113.9:412] AH01630: client denied by server configuration: /srv/cgi/ping.sh\n'.repeat(4)}${'"GET /bread HTTP/1.1" 200 23\n'.repeat(8)}`,
    // A supervisor started the process again, and it works.
    `[info] oven up\n[error] GenServer Bakery.Oven terminating\n** (RuntimeError) door is open\n    oven.exs:9: Bakery.Oven.bake/1\n${'[info] loaf done\n'.repeat(9)}`,
    `INFO up\n${'WARN stream ended\nEndOfStreamException: nothing to read from client, it probably closed the socket\nINFO loaf done\n'.repeat(3)}INFO loaf done\nINFO loaf done\n`,
    // It warned of an exception, and went on.
    `WARN Unexpected exception\njava.lang.NullPointerException: no tray\n\tat Oven.open(Oven.java:3)\n${'INFO loaf done\n'.repeat(6)}`,
    // Room was made, and the program has worked since.
    `2026-01-01T00:10:00Z ERROR store: write /data/x: no space left on device\n${'2026-01-01T00:10:31Z INFO store: write /data/y ok\n'.repeat(5)}`,
    // The same words of the same place, and this time it went well.
    'connecting to db:5432 ... failed (connection refused), retry in 1s\nconnecting to db:5432 ... ok',
    // A JVM's logger prints the exception below its warning.
    `WARN cannot open channel to zk-2\njava.net.ConnectException: Connection refused\n\tat java.net.Socket.connect(Socket.java:633)\n${'INFO follower in step\n'.repeat(4)}`,
    // Counters that stand at zero, in words too.
    'INFO report: CrashLoopBackOff: none, connection refused: 0, disk full alerts: 0\nINFO report sent',
    // A victim of a deadlock tries again.
    `WARN transfer 4: deadlock detected, again\n${'INFO transfer 4 booked\n'.repeat(3)}`,
    '10-setup.sh: info: can not modify /etc/x.conf (read-only file system?)\nready for start up',
    'ERROR    app.db:db.py:31 connection refused\n===== 31 passed, 2 warnings in 4.11s =====',
    // Telegraf and MongoDB say the level in one letter.
    `10:00:10Z E! [inputs.http] Get "http://web:80/metrics": dial tcp 10.0.0.4:80: connect: connection refused\n${'10:00:20Z D! [outputs] Wrote batch of 41 metrics\n'.repeat(6)}`,
    '{"t":{"$date":"2024-04-04T08:00:01.000+00:00"},"s":"W","c":"CONTROL","msg":"Access control failed to be enabled"}\n{"s":"I","c":"NETWORK","msg":"Connection accepted"}',
    '[WARN ][out] Elasticsearch Unreachable: Connect to es:9200 failed: Connection refused\n[WARN ][out] Restored connection to ES instance',
    "find: '/backup/lost+found': Permission denied\nbackup finished, 41 MB",
    // A collector cut the one long line; whose it is and how bad is said before.
    `{"level":50,"name":"shop","pid":7,"err":{"message":"terminating connection due to administrator command","stack":"e\n${'{"level":30,"name":"shop","pid":7,"msg":"request completed"}\n'.repeat(6)}`,
    'Server listening on 0.0.0.0 port 22.\nConnection from 203.0.113.9 port 511 on 10.0.0.4 port 22\nkex_exchange_identification: Connection closed by remote host\nFailed password for root from 203.0.113.9 port 511 ssh2\nAccepted publickey for deploy from 10.0.0.5 port 9 ssh2',
    'GROUP  TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST\nbills  orders  0          991210          991213          3    bills-1      /10.4.0.12',
    `errors_total 0\n${'http_requests_total{code="200"} 1027\n'.repeat(6)}`,
    'NAME                     READY   STATUS      RESTARTS   AGE\nload-29381400-x2kq9      0/1     Error       0          31m\nload-29381400-z7bnm      0/1     Completed   0          30m',
    'CONTAINER ID   IMAGE   COMMAND   CREATED      STATUS                  PORTS   NAMES\na1b2c3d4e5f6   web:1   "web"     3 days ago   Up 3 days (healthy)             web\nb1b2c3d4e5f6   web:1   "setup"   3 days ago   Exited (0) 3 days ago           setup',
    // A pod that is being stopped answers no probe; one that starts answers a little later.
    'LAST SEEN   TYPE      REASON      OBJECT       MESSAGE\n100s        Normal    Killing     pod/shop-a   Stopping container shop\n99s         Warning   Unhealthy   pod/shop-a   Readiness probe failed: HTTP probe failed with statuscode: 503',
    'LAST SEEN   TYPE      REASON            OBJECT         MESSAGE\n9m          Warning   Unhealthy         pod/shop-b     Readiness probe failed: connection refused\n2m          Normal    NodeSchedulable   node/node-2    Node node-2 status is now: NodeSchedulable',
  ])('is quiet: %s', (text) => {
    expect(analyse([evidence(text)]).verdict).toBe('no-incident');
  });
});

describe('what is quoted in a text of people', () => {
  it('is evidence', () => {
    const text =
      '## It fails\n- Start the web service as the guide says\n- Wait for a minute until it ends\n```\nError: listen EADDRINUSE: address already in use :::3000\n```';
    expect(analyse([evidence(text)]).category).toBe('port-in-use');
  });
});

describe('a failure that is over', () => {
  const failed = 'ERROR queue poll failed: connect ECONNREFUSED 10.0.6.5:6379\n'.repeat(3);

  it.each([
    [
      'a request failed of it',
      `${failed}INFO GET /cart 500 5ms\n${'INFO delivered a\n'.repeat(9)}`,
    ],
    ['only health checks went well since', `${failed}${'INFO GET /healthz 200 1ms\n'.repeat(9)}`],
    ['it works less than it complained', `${failed.repeat(3)}${'INFO delivered a\n'.repeat(5)}`],
    ['it fails again at the end', `${failed}${'INFO delivered a\n'.repeat(9)}${failed}`],
  ])('is none where %s', (_, text) => {
    expect(analyse([evidence(text.trimEnd())]).verdict).not.toBe('no-incident');
  });
});

describe('a program that ends again and again', () => {
  it('is none where the workers of one program start together and serve', () => {
    const start = 'INFO blog 3.2.0 starting\n'.repeat(2);
    const text = `${start}${'INFO GET /a 200 1ms\n'.repeat(4)}${start}${'INFO GET /a 200 1ms\n'.repeat(6)}`;
    expect(analyse([evidence(text.trimEnd())]).verdict).toBe('no-incident');
  });

  it('is not well, though it says nothing of its end', () => {
    const start = 'INFO cart 2 starting\nINFO cart ready\nINFO GET /a 200\n';
    expect(analyse([evidence(start.repeat(3).trimEnd())]).verdict).toBe('insufficient-evidence');
    const task = 'INFO backup starting\nINFO backup finished\n';
    expect(analyse([evidence(task.repeat(3).trimEnd())]).verdict).toBe('no-incident');
  });

  it('is a loop, whoever restarts it', () => {
    const lines = ['exited with code 1', 'exited with code 1', 'exited with code 1'];
    const analysis = analyse([evidence(lines.map((line) => `mailer-1 ${line}`).join('\n'))]);
    expect(analysis.category).toBe('crash-loop');
    expect(analysis.facts.app?.value).toBe('mailer');
  });
});

describe('wilson', () => {
  it('stays within 0 and 1 and is wider for few cases', () => {
    expect(wilson(3, 3).high).toBe(1);
    expect(wilson(3, 3).low).toBeCloseTo(0.438, 3);
    expect(wilson(90, 100).low).toBeCloseTo(0.826, 3);
    expect(wilson(0, 5).low).toBe(0);
  });
});

describe('who failed, where only the program itself says it', () => {
  it.each([
    ['bakery-web', '[bakery-web] boot 2.1.0 on v20\nMissing environment variables:\n  OVEN_KEY: x'],
    ['courier', 'Courier v4.2.1 (9ab3) starting up\nwrite /data/x: no space left on device'],
    [
      'bakery',
      '2026/11/03 09:00:00 [crit] 7#7: *3 open() "/a" failed (24: Too many open files), client: 10.0.0.1, server: bakery, request: "GET /a HTTP/1.1"',
    ],
    ['postgresql', '2026-11-03 09:00:00 UTC [9] PANIC:  could not write: No space left on device'],
    [
      'loaves',
      '2026-11-03T09:00:00: PM2 log: App [loaves:0] online\n2026-11-03T09:00:02: PM2 log: Process with pid 71 still alive after 1600ms, sending it SIGKILL now...',
    ],
    [
      'prices',
      '0 Backend_health - boot.prices Went sick 4---X-R- 1 2 4 0.001 0.002 "HTTP/1.1 503"',
    ],
  ])('names %s', (app, text) => {
    expect(analyse([evidence(text)]).facts.app?.value).toBe(app);
  });
});

describe('an answer that a program logs as its own', () => {
  it.each(['method=PUT url', 'url'])('does not hide what failed in it: %s', (words) => {
    const failed = [
      "ERROR TypeError: Cannot read properties of undefined (reading 'box')",
      '    at pack (/srv/depot/pack.js:7:3)',
      `ERROR request failed status=500 ${words}=https://depot.example.com/boxes`,
    ];
    const lines = Array<string[]>(8).fill(failed).flat();
    expect(analyse([evidence(lines.join('\n'))]).category).toBe('unhandled-exception');
  });
});

describe('a client that its database shut out', () => {
  it('is not told as the address of the database', () => {
    const text =
      "ERROR Host 'packer-3.depot.svc' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'";
    const { facts, rootCause } = analyse([evidence(text)]);
    expect(facts.host).toBeUndefined();
    expect(rootCause?.summary).not.toContain('packer-3');
  });
});

describe('what servers say of those who left', () => {
  it.each([
    'FATAL the port of the operators is gone, cannot continue: http: Server closed',
    'ERROR gave up packing after 20 attempts: the object has been modified; please apply your changes',
    'ERROR cannot keep the lease, exiting: the object has been modified; please apply your changes',
  ])('is trouble where the program gives up: %s', (text) => {
    const works = Array<string>(10).fill('10:11:01 INFO GET /boxes 200');
    const lines = [...works, `10:14:01 ${text}`];
    expect(analyse([evidence(lines.join('\n'))]).verdict).not.toBe('no-incident');
  });

  it.each([
    'LOG:  could not receive data from client: Connection reset by peer',
    'ERROR http: Server closed',
  ])('is no trouble beside a program that works: %s', (text) => {
    const calm = [
      '10:11:01 INFO box 1 packed',
      '10:12:01 INFO box 2 packed',
      '10:13:01 INFO box 3 packed',
    ];
    const works = [
      '10:15:01 INFO GET /boxes 200',
      '10:16:01 INFO GET /boxes 200',
      '10:17:01 INFO GET /boxes 200',
    ];
    const lines = [...calm, `10:14:01 ${text}`, ...works];
    expect(analyse([evidence(lines.join('\n'))]).verdict).toBe('no-incident');
    const [last = ''] = calm;
    expect(analyse([evidence(`${last}\n10:14:01 ERROR could not pack`)]).verdict).not.toBe(
      'no-incident',
    );
  });
});
