import { testSamples, type Samples } from './samples';

/** The same failures in the words of further platforms, clients and parts of an output. */
const samples: Samples = {
  'admission-denied': {
    real: [
      'Error from server (Forbidden): error when creating "job.yaml": pods "etl" is forbidden: ValidatingAdmissionPolicy \'no-root\' with binding \'all\' denied request: must not run as root',
    ],
    alike: [
      'Error from server (Forbidden): pods is forbidden: User "kim" cannot list resource "pods" in API group "" in the namespace "etl"',
    ],
  },
  'autoscaler-failed': {
    real: [
      '2026-11-03T10:01:11Z\tERROR\tscale_handler\terror getting scale decision\t{"scaledObject.Name": "mails", "scaler": "rabbitMQScaler", "error": "queue mails not known"}',
    ],
    alike: ['2026-11-03T10:01:11Z\tINFO\tscale_handler\tScaledObject is active'],
  },
  'bad-command': {
    real: [
      '{"level":"warn","caller":"main/start.go:75","msg":"failed to verify flags","error":"expected IP in URL for binding"}',
      'ERROR Invalid command line arguments: /export{1..4}',
      "2026-11-03 11:23:12,577 INFO spawnerr: can't find command '/opt/mail/run'\n2026-11-03 11:23:18,588 INFO gave up: mail entered FATAL state, too many start retries too quickly",
    ],
    alike: [
      'panic: exec: "pdftk": executable file not found in $PATH\n\ngoroutine 7 [running]:\nmain.merge()',
    ],
  },
  'broker-partitioned': {
    real: [
      '2026-11-03 09:00:01,000 ERROR tasks: job 8 not enqueued: ClusterDownError: The cluster is down',
    ],
    alike: ['2026-11-03 09:00:01,000 ERROR session cache: CLUSTERDOWN The cluster is down'],
  },
  'cache-unavailable': {
    real: [
      '2026-11-03 09:00:01,000 ERROR session cache: CLUSTERDOWN The cluster is down',
      'StackExchange.Redis.RedisTimeoutException: Timeout performing HGET (5000ms), serverEndpoint: sessions:6379',
      "redis.exceptions.ReadOnlyError: You can't write against a read only replica.",
      'redis.exceptions.BusyLoadingError: Redis is loading the dataset in memory',
    ],
    alike: [],
  },
  'connection-refused': {
    real: [
      'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: 111',
    ],
    alike: [],
  },
  'consumer-lag': {
    real: [
      '2026-11-03 05:06:05 WARN mailer ApproximateNumberOfMessagesVisible=51022 queue=mails',
      '[9] 2026/11/03 08:08:11.001233 [INF] 10.4.0.3:51122 - cid:29 - Slow Consumer Detected: WriteDeadline of 10s exceeded',
    ],
    alike: ['2026-11-03 05:06:05 INFO mailer queue depth is 12'],
  },
  'crash-loop': {
    real: [
      'State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    3\n    Ready:          False\n    Restart Count:  7',
    ],
    alike: [],
  },
  'database-connections-exhausted': {
    real: [
      '09:28:51,198 DEBUG HikariPool-1 - Timeout failure stats (total=10, active=10, idle=0, waiting=12)',
      'mysql.connector.errors.PoolError: Failed getting connection; pool exhausted',
    ],
    alike: ['09:28:51,198 DEBUG HikariPool-1 - Pool stats (total=10, active=2, idle=8, waiting=0)'],
  },
  'database-slow-query': {
    real: [
      '{"t":{"$date":"2026-11-03T09:00:00.000+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn12","msg":"Slow query","attr":{"ns":"shop.carts","planSummary":"COLLSCAN","docsExamined":981233,"durationMillis":18211}}',
    ],
    alike: [],
  },
  'database-unavailable': {
    real: [
      'com.datastax.oss.driver.api.core.AllNodesFailedException: Could not reach any contact point, make sure you have provided valid addresses',
      'DB::NetException: Connection refused (clickhouse-0:9000). (NETWORK_ERROR)',
    ],
    alike: [],
  },
  'dependency-missing': {
    real: [
      'panic: exec: "pdftk": executable file not found in $PATH\n\ngoroutine 7 [running]:\nmain.merge()',
      'Error: Prisma Client could not locate the Query Engine for runtime "linux-musl".',
    ],
    alike: [
      'Error: failed to create containerd task: exec: "pdftk": executable file not found in $PATH: unknown',
    ],
  },
  'deploy-sync-failed': {
    real: [
      'Error: rendered manifests contain a resource that already exists. Unable to continue with install: Secret "mail" in namespace "post" exists',
      'Error: Error acquiring the state lock\n\nError message: ConditionalCheckFailedException',
      'error: error validating "web.yaml": error validating data: unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec',
    ],
    alike: [],
  },
  'dns-failure': {
    real: [
      '[warn] DNS resolution failed for ledger.bank: status 4',
      "nc: bad address 'ledger-db'\nledger-db:3306 is not there yet",
    ],
    alike: [],
  },
  'exited-normally': {
    real: [
      'CONTAINER ID   IMAGE    COMMAND       CREATED         STATUS                         PORTS     NAMES\n0a1b2c3d4e5f   job:1    "/bin/job"    2 minutes ago   Restarting (0) 9 seconds ago             job',
      '    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       Completed\n      Exit Code:    0\n    Ready:          False\n    Restart Count:  6',
    ],
    alike: [],
  },
  'heap-exhausted': {
    real: [
      'org.elasticsearch.common.breaker.CircuitBreakingException: [parent] Data too large, data for [<http_request>] would be larger than the limit',
      'DB::Exception: Memory limit (for query) exceeded: would use 9.41 GiB, maximum: 9.31 GiB',
    ],
    alike: [],
  },
  'image-not-found': {
    real: ["ERROR: Image 'europe.example/team/web:v9' not found."],
    alike: ["Image '/img/logo.png' not found"],
  },
  'image-platform-mismatch': {
    real: [
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
    ],
    alike: [],
  },
  'image-unauthorized': {
    real: [
      'Failed to pull image "ghcr.example/acme/mail:1": Head "https://ghcr.example/v2/acme/mail/manifests/1": denied',
      'CannotPullContainerError: AccessDeniedException: the task role is not authorized to perform: ecr:GetAuthorizationToken on resource: *',
    ],
    alike: [],
  },
  'ingress-misconfigured': {
    real: [
      'time="2026-11-03T10:00:00Z" level=error msg="the service \\"auth@file\\" does not exist" routerName=web@file',
    ],
    alike: [],
  },
  'invalid-config': {
    real: [
      'Error: environment variable MAIL_MODE must be one of: smtp, file; got "pigeon"',
      '[2026/11/03 00:00:00] [error] [config] error in /fluent-bit/etc/fluent-bit.conf:12: undefined value',
    ],
    alike: [],
  },
  'job-deadline-exceeded': {
    real: [
      'time="2026-11-03T10:00:00Z" level=info msg="node changed" message="Pod was active on the node longer than the specified deadline" new.phase=Failed',
      '[2026-11-03 00:00:00,000: ERROR/MainProcess] Hard time limit (300s) exceeded for bills.tasks.print[8c1b]',
      'airflow.exceptions.AirflowTaskTimeout: Timeout, PID: 99',
    ],
    alike: [],
  },
};

testSamples(samples);
