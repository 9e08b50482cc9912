import { testSamples, type Samples } from './samples';

/** What servers, proxies and platforms of clouds say of themselves, and what only looks like it. */
const samples: Samples = {
  'cache-unavailable': {
    real: ["OutOfMemoryError: command not allowed when used memory > 'maxmemory'."],
    alike: ['used memory is below maxmemory again'],
  },
  'connection-timeout': {
    real: ['tariff lookup failed: connect ETIMEDOUT 198.51.100.4:8443'],
    alike: [
      'dial tcp: lookup tariffs on 10.0.0.10:53: read udp 10.0.0.3:4: i/o timeout',
      'dial tcp: lookup tariffs.depot.svc: connection timed out',
      'could not lookup tariffs.depot.svc: Connection timed out',
    ],
  },
  'database-auth': {
    real: [
      '250001: Failed to connect to DB: acme:443. Incorrect username or password was specified.',
    ],
    alike: [
      'the form says: incorrect username or password',
      'WARN log in refused for bob@depot.example: Incorrect username or password\n'
        .repeat(9)
        .trim(),
      'ERROR cannot connect to smtp.depot.example: 535 Incorrect username or password',
    ],
  },
  'database-slow-query': {
    real: ["Scanned over 100001 tombstones during query 'SELECT * FROM depot.box'; query aborted"],
    alike: ['Read 12 live rows and 4 tombstone cells'],
  },
  'database-unavailable': {
    real: [
      "Host '10.9.8.7' is blocked because of many connection errors; unblock it",
      'connect ECONNREFUSED db-of-the-depot.cluster-a1b2c3d4e5f6g7h8.north-9.data.cloud.example.com:15999',
    ],
    alike: ['blocked 10.9.8.7 after many requests'],
  },
  'dns-failure': {
    real: ['ERROR no tariff: dial tcp: lookup tariffs.depot.svc: connection timed out'],
    alike: ['tariff lookup failed: connection timed out'],
  },
  'dependency-missing': {
    real: ['HTTP Error 500.31 - Failed to load ASP.NET Core runtime'],
    alike: ['Loaded the ASP.NET Core runtime 9.0'],
  },
  'disk-full': {
    real: [
      'NOQUEUE: reject: MAIL from box[10.0.0.2]: 452 4.3.1 Insufficient system storage; proto=ESMTP',
      'Storage backend has reached its minimum free drive threshold.',
      'Health check failed: 2 full osd(s) (OSD_FULL)',
      '[ERR] POOL_FULL: 3 pool(s) full',
    ],
    alike: [
      '250 2.1.0 Ok',
      'ERROR boxes: POOL_FULL: all 20 connections are taken',
      'Health check cleared: POOL_FULL (was: 3 pool(s) full)',
      'postfix/smtp[7]: A1: to=<a@b.example>, relay=mx.b.example[10.0.0.9]:25, status=deferred (host mx.b.example[10.0.0.9] said: 452 4.3.1 Insufficient system storage)',
      "smtplib.SMTPSenderRefused: (452, b'4.3.1 Insufficient system storage', 'a@b.example')",
    ],
  },
  'invalid-config': {
    real: [
      '==> failed to parse /etc/depot/agent.hcl: 9:2: illegal character',
      '[1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]',
      "channel error: PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'boxes'",
      '[FATAL] plugin/loop: Loop (127.0.0.1:4444 -> :53) detected for zone "."',
    ],
    alike: [
      'failed to parse the answer of the depot',
      'WARN failed to parse boxes-7.json: line 9: bad number',
      'WARN failed to parse upload/boxes-7.yaml: line 9 unexpected token',
      'WARN failed to parse upload/boxes-7.json: line 9 unexpected token',
      'WARN failed to parse boxes-7.conf: 12: bad number, row skipped',
      [
        "ERROR channel closed: PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'boxes'",
        'INFO channel reopened',
        ...Array<string>(9).fill('INFO GET /boxes 200'),
      ].join('\n'),
    ],
  },
  'oom-killed': {
    real: [
      '2026-03-04T05:06:07Z acme.x.boxes [APP/PROC/WEB/0] OUT Exit status 137 (out of memory)',
    ],
    alike: ['2026-03-04T05:06:07Z acme.x.boxes [APP/PROC/WEB/0] OUT Exit status 0'],
  },
  'startup-failed': {
    real: [
      'The service did not respond to the start or control request in a timely fashion.',
      '2026-03-04T05:06:07.0+00:00 heroku[web.1]: Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
    ],
    alike: ['The BoxSync service entered the running state.'],
  },
  unauthorized: {
    real: [
      'The BoxSync service was unable to log on as .\\svc with the currently configured password due to the following error:',
      'LoginException: Clock skew too great (37)',
    ],
    alike: ['The BoxSync service was able to log on'],
  },
  'upstream-5xx': {
    real: [
      'level=error msg="call of prices failed" status=502 url=http://prices/v1',
      '[2026-03-04T05:06:07Z] "GET /p HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure} - "-" 0 91',
      '* Vault is sealed',
    ],
    alike: [
      'level=info msg=priced status=200 url=http://prices/v1',
      'Vault is unsealed',
      'ERROR request failed status=500 method=GET url=https://depot.example.com/boxes',
      'level=error status=500 method=GET url=https://depot.example.com/boxes\n'.repeat(9).trim(),
    ],
  },
  'version-incompatible': {
    real: [
      'CUDA error: CUDA driver version is insufficient for CUDA runtime version',
      'Error [ERR_REQUIRE_ESM]: require() of ES Module /app/a.js from /app/b.js not supported.',
    ],
    alike: ['CUDA driver version 12.4, runtime version 12.2'],
  },
};

testSamples(samples);
