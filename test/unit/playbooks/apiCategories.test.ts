import { testSamples, type Samples } from './samples';

/** What APIs, native code, package loaders and the cluster's tools answer, in their exact words. */
const samples: Samples = {
  'image-unauthorized': {
    real: [],
    alike: ['ERR failed to fetch stock error="GET https://api.desk/v2/stock: 401 Unauthorized"'],
  },
  unauthorized: {
    real: [
      'InvalidRequest: The AWS Access Key Id you provided does not exist in our records.',
      'remote: HTTP Basic: Access denied\nfatal: the remote end hung up',
      "unable to clone 'https://git.desk/fleet': authentication required",
      'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain',
      'google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.',
      'DefaultAzureCredential failed to retrieve a token from the included credentials.',
      'ERROR: Registering runner... forbidden (check registration token)  runner=GR13 status=403 Forbidden',
    ],
    alike: ['sshd[7]: no supported authentication methods available [preauth]'],
  },
  forbidden: {
    real: [
      "[error] [output:cloudwatch_logs:logs.0] CreateLogStream API responded with error='AccessDeniedException'",
      "googleapi: Error 403: Permission 'storage.objects.list' denied on resource (or it may not exist).",
      '{"level":"error","msg":"token lookup failed","error":"Error making API request.\\n\\nURL: POST https://vault.desk/v1/auth/token/lookup\\nCode: 403. Errors:\\n\\n* permission denied"}',
      'ERROR:  must be owner of extension pgcrypto',
      'ERROR:  permission denied to create database',
      'remote: Permission to desk/till.git denied to robot.',
    ],
    alike: ['java.nio.file.AccessDeniedException: /srv/till/cache'],
  },
  'rate-limited': {
    real: [
      'googleapi: quotaExceeded: The request cannot be completed because you have exceeded your quota.',
      'com.amazonaws.services.glue.model.LimitExceededException: too many runs',
    ],
    alike: [],
  },
  'fd-exhausted': {
    real: [
      'inotify_add_watch(/srv/till) failed: No space left on device',
      'System.IO.IOException: The configured user limit (128) on the number of inotify instances has been reached',
    ],
    alike: [],
  },
  'traffic-overload': {
    real: [
      'cluster.stock.upstream_rq_pending_overflow: 812',
      'es_rejected_execution_exception: rejected execution of primary operation [coordinating_and_primary_bytes=0]',
    ],
    alike: ['cluster.stock.upstream_rq_pending_overflow: 0'],
  },
  'unhandled-exception': {
    real: [
      "till: src/ledger.c:91: post: Assertion `amount > 0' failed.",
      '2026-11-21 10:00:01.101 [error] <0.1892.0> crasher: initial call: till_app:init/1, pid: <0.1892.0>, registered_name: [], exit: {{badmatch,none},[]}',
      '*** Caught signal (Aborted) **\n in thread 7f6b thread_name:till',
    ],
    alike: ['INFO assertion of the test passed'],
  },
  segfault: {
    real: [
      '7:M 21 Nov 2026 10:00:01.101 # Redis 7.2.4 crashed by signal: 11, si_code: 1',
      '10:00:01 UTC - mysqld got signal 11 ;',
      'entrypoint.sh: line 9:    31 Illegal instruction     (core dumped) mongod',
      'Fatal error. System.AccessViolationException: Attempted to read or write protected memory.',
    ],
    alike: ['INFO got signal 15, stopping'],
  },
  'dependency-missing': {
    real: [
      'production.ERROR: Class "Redis" not found {"exception":"[object] (Error(code: 0))"}',
      'ERROR:  could not open extension control file "/usr/share/postgresql/16/extension/postgis.control": No such file or directory',
      'FATAL:  could not access file "pg_stat_statements": No such file or directory',
      'java.sql.SQLException: No suitable driver found for jdbc:postgresql://ledger-db/ledger',
    ],
    alike: [],
  },
  'version-incompatible': {
    real: [
      "AttributeError: module 'numpy' has no attribute 'float'",
      'FATAL: kernel too old',
      "[ERROR] Can't open the mysql.plugin table. Please run mysql_upgrade to create it.",
    ],
    alike: ["AttributeError: 'NoneType' object has no attribute 'total'"],
  },
  'deploy-sync-failed': {
    real: [
      'The Deployment "till" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"till"}: `selector` does not match template `labels`',
      'Error: failed to download "desk/till" (hint: running `helm repo update` may help)',
    ],
    alike: [],
  },
  'sandbox-failed': {
    real: [
      'network: failed to find plugin "bridge" in path [/opt/cni/bin]',
      'error adding container to network: plugin type="calico" name="k8s-pod-network" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
      'nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1',
      'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting cgroup config for procHooks process',
    ],
    alike: [],
  },
  'autoscaler-failed': {
    real: [
      'Warning  FailedGetResourceMetric  2m (x8 over 5m)  horizontal-pod-autoscaler  failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)',
    ],
    alike: [],
  },
};

testSamples(samples);
