import { testSamples, type Samples } from './samples';

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
const samples: Samples = {
  'oom-killed': {
    real: [
      'REPORT RequestId: 9 Memory Size: 128 MB Max Memory Used: 128 MB\nRequestId: 9 Error: Runtime exited with error: signal: killed',
      'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch.',
      '2026-11-03T12:09:42Z       Terminated  Exit Code: 137, Signal: 9, Exit Message: "OOM Killed"',
      'Memory limit of 512 MiB exceeded with 530 MiB used. Consider increasing the memory limit',
      '{\n  "tasks": [\n    {\n      "group": "service:billing",\n      "lastStatus": "STOPPED",\n      "stoppedReason": "Essential container in task exited",\n      "containers": [\n        {\n          "name": "billing",\n          "exitCode": 137,\n          "reason": "OutOfMemoryError: Container killed due to memory usage"\n        }\n      ]\n    }\n  ]\n}',
      '[ 1234.5] Memory cgroup out of memory: Killed process 4242 (node) total-vm:1048576kB, anon-rss:524288kB',
      "Nov 21 10:00:00 host systemd[1]: checkout.service: Failed with result 'oom-kill'.",
    ],
    alike: [
      'REPORT RequestId: 9 Memory Size: 128 MB Max Memory Used: 71 MB',
      'container exited with exit code 137',
      '"OOMKilled": false,',
      'oom_kill 0',
    ],
  },
  'heap-exhausted': {
    real: [
      'Traceback (most recent call last):\n  File "/app/io.py", line 12, in load\nnumpy.core._exceptions._ArrayMemoryError: Unable to allocate 11.9 GiB for an array with shape (1600000000,) and data type float64',
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
      'NAME         CPU(cores)   MEMORY(bytes)\norders-abc   250m         310Mi\n\nName:             orders-abc\nNamespace:        shop\nStatus:           Running\nContainers:\n  orders:\n    Image:          acme/orders:3.1\n    Limits:\n      cpu:     250m\nEvents:\n  Type     Reason     Age   From     Message\n  ----     ------     ----  ----     -------\n  Warning  Unhealthy  1m (x44 over 20m)     kubelet  Readiness probe failed: Get "http://10.12.40.3:8080/healthz": context deadline exceeded',
      'nr_periods 1000\nnr_throttled 720\nthrottled_usec 99000000',
      'CPUThrottlingHigh: 63.1% throttling of CPU in namespace shop for container checkout',
    ],
    alike: ['nr_periods 1000\nnr_throttled 4\nthrottled_usec 12000'],
  },
  'disk-full': {
    real: [
      '2026-11-10 07:00:00.001000+00:00 [warning] <0.433.0> disk resource limit alarm set on node rabbit@rabbit-0.',
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
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: train-0\nstatus:\n  conditions:\n  - message: '0/5 nodes are available: 2 node(s) didn''t match Pod''s node affinity/selector,\n      3 Insufficient nvidia.com/gpu.'\n    reason: Unschedulable\n    status: \"False\"\n    type: PodScheduled\n  phase: Pending",
      'NAME      READY   STATUS     RESTARTS   AGE\nportal    0/1     OutOfcpu   0          22s',
      '      * Dimension "memory" exhausted on 3 nodes',
      '(service api) was unable to place a task because no container instance met all of its requirements. Reasons: RESOURCE:MEMORY',
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
      '      * Constraint "${attr.cpu.arch} = arm64" filtered 4 nodes',
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
      'Error: initializing source docker://helo:latest: reading manifest latest in docker.io/library/helo: requested access to the resource is denied',
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 12.dkr.ecr.us-east-1.amazonaws.com/ingest:prod-881: 12.dkr.ecr.us-east-1.amazonaws.com/ingest:prod-881: not found',
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
      '[core:warn] [pid 9] AH00111: Config variable ${WIKI_PORT} is not defined\nAH00526: Syntax error on line 3 of /etc/apache2/sites-enabled/wiki.conf:\nPort must be specified',
      "Invalid environment variables: {\n  PAY_SECRET: [ 'Required' ]\n}",
      "Failed to bind properties under 'shop.key' to java.lang.String:\n\n    Reason: Could not resolve placeholder 'SHOP_KEY' in value",
      '2026-11-10T07:00:00.000000001Z /srv/bin/run.sh: 9: RELAY_HOST: name the relay',
      '/docker-entrypoint: line 3: QUEUE_URL: must be given',
      'Missing environment variables:\n    PAY_API_KEY: key of the bank',
      'level=fatal msg="config: missing required env DATABASE_URL" service=ledger',
      'pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\nQUOTE_API_TOKEN\n  Field required [type=missing, input_value={}, input_type=dict]',
      "System.InvalidOperationException: Configuration value 'Sentry:Dsn' (environment variable SENTRY_DSN) is missing.",
      'thread \'main\' panicked at src/main.rs:18:42:\ncalled `Result::unwrap()` on an `Err` value: EnvVar("RATES_DB_URL", NotPresent)',
      'Traceback (most recent call last):\n  File "/code/members/settings.py", line 31, in <module>\n    raise ImproperlyConfigured(error_msg) from exc\ndjango.core.exceptions.ImproperlyConfigured: Set the DJANGO_SECRET_KEY environment variable',
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
      'service "api" refers to undefined secret token: invalid compose project',
      '  Warning  Failed     4s (x8 over 88s)   kubelet  Error: secret "notifier-smtp" not found\n  Normal   Pulled     4s (x8 over 88s)   kubelet  Container image "acme/notifier:3" already present on machine',
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
      '0 Backend_health - boot.prices Went sick 4---X-R- 1 2 4 0.001 0.002 "HTTP/1.1 503 Service Unavailable"',
      '0 Backend_health - prices Still sick -------- 0 2 4 0.000 0.006 "Open error 111 (Connection refused)"',
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
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps \\"leader\\" is forbidden: User \\"system:serviceaccount:shop:default\\" cannot get resource \\"configmaps\\" in API group \\"\\" in the namespace \\"shop\\"","reason":"Forbidden","details":{"name":"leader","kind":"configmaps"},"code":403}',
      'Forbidden!Configured service account doesn\'t have access. Service account may have been revoked. jobs.batch is forbidden: User "system:serviceaccount:shop:web" cannot create resource "jobs"',
    ],
    alike: ['pods "web-1" is forbidden: exceeded quota: small, requested: cpu=1'],
  },
  'unhandled-exception': {
    real: [
      'Fatal error: exception Not_found\nRaised at Stdlib__Map.find in file "map.ml", line 141, characters 10-25',
      'bakery: Prelude.head: empty list\nCallStack (from HasCallStack):\n  error, called at src/Oven.hs:12:3 in main:Oven',
      "lua: oven.lua:8: attempt to index a nil value (local 'tray')",
      '** (FunctionClauseError) no function clause matching in Shop.Cart.total/1',

      'panic: runtime error: index out of range [3] with length 2\n\ngoroutine 1 [running]:\nmain.main()',
      "TypeError: Cannot read properties of undefined (reading 'id')\n    at pay (/srv/shop/pay.js:3:1)\nthrow er; // Unhandled 'error' event\n\nNode.js v20.20.2",
    ],
    alike: ['INFO exceptions: 0'],
  },
  'dependency-missing': {
    real: [
      '** (UndefinedFunctionError) function Jason.encode!/1 is undefined (module Jason is not available)',
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
      'Nov 21 10:00:00 host systemd[1]: checkout.service: Start request repeated too quickly.',
    ],
    alike: [
      // A status alone: what would decide is asked for.
      'NAME                        READY   STATUS             RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   0/1     CrashLoopBackOff   6 (10s ago)   9m',
      'NAME                        READY   STATUS    RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   6 (12d ago)   40d',
    ],
  },
  'node-memory-pressure': {
    real: [
      event(
        'Warning',
        'Evicted',
        'The node was low on resource: memory. Threshold quantity: 100Mi, available: 71Mi. Container checkout was using 412Mi, request is 64Mi, has larger consumption of memory.',
      ),
      event('Warning', 'Evicted', 'Pod was rejected: The node had condition: [MemoryPressure]. '),
      event(
        'Warning',
        'FailedScheduling',
        '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/memory-pressure: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ),
      'W1121 10:00:00.000000    812 eviction_manager.go:350] "Eviction manager: attempting to reclaim" resourceName="memory"',
    ],
    alike: [
      'Node worker-1 status is now: NodeHasSufficientMemory',
      'MemoryPressure   False   KubeletHasSufficientMemory   kubelet has sufficient memory available',
    ],
  },
  'node-disk-pressure': {
    real: [
      event(
        'Warning',
        'Evicted',
        'The node was low on resource: ephemeral-storage. Threshold quantity: 2Gi, available: 1Gi. Container checkout was using 3Gi, request is 0, has larger consumption of ephemeral-storage. ',
      ),
      event('Warning', 'Evicted', 'The node was low on resource: inodes. '),
      event(
        'Warning',
        'FreeDiskSpaceFailed',
        'Failed to garbage collect required amount of images. Attempted to free 6442450944 bytes, but only found 0 bytes eligible to free.',
      ),
    ],
    alike: ['kubelet has no disk pressure', 'write /data/a: no space left on device'],
  },
  'node-pid-pressure': {
    real: [
      event(
        'Warning',
        'Evicted',
        'The node was low on resource: pids. Threshold quantity: 1000, available: 512. ',
      ),
      event(
        'Warning',
        'FailedScheduling',
        '0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/pid-pressure: }.',
      ),
    ],
    alike: [
      'sh: fork: retry: Resource temporarily unavailable',
      'Node a status is now: NodeHasSufficientPID',
    ],
  },
  'ephemeral-storage-evicted': {
    real: [
      event(
        'Warning',
        'Evicted',
        'Pod ephemeral local storage usage exceeds the total limit of containers 50Mi. ',
      ),
      event(
        'Warning',
        'Evicted',
        'Container checkout exceeded its local ephemeral storage limit "10Mi". ',
      ),
      event('Warning', 'Evicted', 'Usage of EmptyDir volume "cache" exceeds the limit "16Mi". '),
    ],
    alike: [event('Warning', 'Evicted', 'The node was low on resource: ephemeral-storage. ')],
  },
  'volume-mount-failed': {
    real: [
      event(
        'Warning',
        'FailedMount',
        'MountVolume.SetUp failed for volume "data" : hostPath type check failed: /srv/data is not a directory',
      ),
      event(
        'Warning',
        'FailedMount',
        'MountVolume.SetUp failed for volume "share" : mount failed: exit status 32',
      ),
      event(
        'Warning',
        'FailedMount',
        'MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name efs.csi.aws.com not found in the list of registered CSI drivers',
      ),
      'docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /srv/none.',
      'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/srv/app.yaml" to rootfs at "/etc/app.yaml": mount /srv/app.yaml:/etc/app.yaml (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type.',
      'mount.nfs: access denied by server while mounting files.example:/exports/media',
    ],
    alike: [
      event(
        'Warning',
        'FailedMount',
        'MountVolume.SetUp failed for volume "settings" : configmap "checkout-settings" not found',
      ),
      'INFO mounted /data',
    ],
  },
  'volume-attach-conflict': {
    real: [
      "Warning  FailedAttachVolume  43s (x9 over 6m)  attachdetach-controller  AttachVolume.Attach failed for volume \"pvc-gra\" : googleapi: Error 400: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE - The disk resource 'disks/pvc-gra' is already being used by 'instances/gke-pool-1-xyz'",
      event(
        'Warning',
        'FailedAttachVolume',
        'Multi-Attach error for volume "pvc-9b1c" Volume is already used by pod(s) checkout-7d9f8c6b5d-aaaaa',
      ),
      event(
        'Warning',
        'FailedAttachVolume',
        'Multi-Attach error for volume "pvc-9b1c" Volume is already exclusively attached to one node and can\'t be attached to another',
      ),
      event(
        'Warning',
        'FailedAttachVolume',
        'AttachVolume.Attach failed for volume "pvc-9b1c" : rpc error: code = Internal desc = Could not attach volume "vol-0abc" to node "i-0123": VolumeInUse: vol-0abc is already attached to an instance',
      ),
      event(
        'Warning',
        'FailedScheduling',
        '0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.',
      ),
    ],
    alike: [
      event(
        'Normal',
        'SuccessfulAttachVolume',
        'AttachVolume.Attach succeeded for volume "pvc-9b1c" ',
      ),
    ],
  },
  'quota-exceeded': {
    real: [
      'Error from server (Forbidden): error when creating "web.yaml": pods "web" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=1500m, limited: cpu=2',
      "googleapi: Error 403: Quota 'CPUS' exceeded.  Limit: 24.0 in region europe-west1., quotaExceeded",
      'VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows',
    ],
    alike: [
      'write /data/a: Disk quota exceeded',
      'Error 429: Quota exceeded for quota metric Queries and limit Queries per minute',
      'INFO quota: 3 of 10 pods used',
    ],
  },
  'pod-preempted': {
    real: [
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: run-wlsbn\nstatus:\n  conditions:\n  - type: DisruptionTarget\n    status: 'True'\n    reason: PreemptionByScheduler\n  phase: Failed\n",
      event(
        'Normal',
        'Preempted',
        'Preempted by pod 6d2d7f3c-8d53-4f0e-9c37-1f2f0f6f8f10 on node worker-1',
      ).replace('Normal ', 'Warning'),
      'slurmstepd: error: *** JOB 118 ON node1 CANCELLED AT 2026-11-21T10:00:00 DUE TO PREEMPTION ***',
    ],
    alike: [
      event(
        'Warning',
        'FailedScheduling',
        '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      ),
    ],
  },
  'node-not-ready': {
    real: [
      'ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION\n9wz4r6m01pjnelkflidcvvge2     node-2     Down      Active                          20.10.24',
      'NAME       STATUS     ROLES           AGE   VERSION\nworker-1   Ready      <none>          10d   v1.33.1\nworker-2   NotReady   <none>          10d   v1.33.1',
      event(
        'Warning',
        'FailedScheduling',
        '0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
      ),
      'E1121 10:00:00.000000    812 kubelet.go:3117] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"',
      'Ready   Unknown   NodeStatusUnknown   Kubelet stopped posting node status.',
    ],
    alike: [
      'NAME       STATUS                     ROLES    AGE   VERSION\nworker-1   Ready,SchedulingDisabled   <none>   10d   v1.33.1',
      event(
        'Warning',
        'FailedScheduling',
        '0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 2 Insufficient memory.',
      ),
    ],
  },
  'image-registry-unreachable': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example:5000/checkout:1.2": rpc error: code = Unknown desc = failed to pull and unpack image "registry.shop.example:5000/checkout:1.2": failed to resolve reference "registry.shop.example:5000/checkout:1.2": failed to do request: Head "https://registry.shop.example:5000/v2/checkout/manifests/1.2": dial tcp 10.0.0.9:5000: connect: connection refused',
      ),
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.nowhere.example/checkout:1.2": failed to do request: Head "https://registry.nowhere.example/v2/checkout/manifests/1.2": dial tcp: lookup registry.nowhere.example on 10.96.0.10:53: no such host',
      ),
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'Error: initializing source docker://registry.shop.example:5000/web:1: pinging container registry registry.shop.example:5000: Get "https://registry.shop.example:5000/v2/": dial tcp 10.0.0.9:5000: connect: no route to host',
      'Error response from daemon: Get "https://registry.shop.example:5000/v2/": http: server gave HTTP response to HTTPS client',
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/checkout:1.2": failed to resolve reference "registry.shop.example/checkout:1.2": unexpected status from HEAD request to https://registry.shop.example/v2/checkout/manifests/1.2: 503 Service Unavailable',
      ),
    ],
    alike: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/checkout:9": failed to resolve reference "registry.shop.example/checkout:9": registry.shop.example/checkout:9: not found',
      ),
      'Error: Get "http://inventory:8080/v2/items": dial tcp 10.0.0.4:8080: connect: connection refused',
    ],
  },
  'image-pull-rate-limited': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "redis:7": failed to pull and unpack image "docker.io/library/redis:7": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
      ),
      'Error response from daemon: toomanyrequests: Rate exceeded',
      event('Warning', 'Failed', 'Error: ErrImagePull: pull QPS exceeded'),
    ],
    alike: [
      'HTTP 429 Too Many Requests from https://api.mail.example/send',
      '"GET /v2/items HTTP/1.1" 429 12',
    ],
  },
  'image-pull-timeout': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/ml:9": rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "registry.shop.example/ml:9": failed to copy: httpReadSeeker: failed open: context deadline exceeded',
      ),
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/ml:9": rpc error: code = Unknown desc = context deadline exceeded',
      ),
    ],
    alike: [
      'Error: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      event(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: Get "http://10.0.0.4:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      ),
    ],
  },
  'image-platform-mismatch': {
    real: [
      'exec /usr/local/bin/checkout: exec format error',
      'standard_init_linux.go:228: exec user process caused: exec format error',
      'docker: no matching manifest for linux/arm64/v8 in the manifest list entries.',
      event(
        'Warning',
        'Failed',
        'Failed to pull image "shop/checkout:1": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/checkout:1": no match for platform in manifest: not found',
      ),
      'Error: choosing an image from manifest list docker://shop/checkout:1: no image found in manifest list for architecture "arm64", variant "v8", OS "linux"',
    ],
    alike: [
      "WARNING: The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8) and no specific platform was requested",
      'exec /srv/checkout: no such file or directory',
    ],
  },
  'sandbox-failed': {
    real: [
      event(
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "9f2c": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
      ),
      event(
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image: dial tcp: lookup registry.k8s.io: no such host',
      ),
      'Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    ],
    alike: [
      event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.'),
    ],
  },
  'job-deadline-exceeded': {
    real: [
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: run-wlsbn\nstatus:\n  phase: Failed\n  reason: DeadlineExceeded\n',
      event('Warning', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
      'slurmstepd: error: *** JOB 91 ON node1 CANCELLED AT 2026-11-21T10:00:00 DUE TO TIME LIMIT ***',
      '2026-11-21T10:00:03Z 7f0c Task timed out after 3.00 seconds',
      'ERROR: Job failed: execution took longer than 1h0m0s seconds',
    ],
    alike: [
      'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      event('Warning', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
    ],
  },
  'startup-failed': {
    real: [
      event(
        'Warning',
        'Unhealthy',
        'Startup probe failed: Get "http://10.0.0.4:8080/healthz": dial tcp 10.0.0.4:8080: connect: connection refused',
      ),
      'Nov 21 10:00:00 host systemd[1]: checkout.service: start operation timed out. Terminating.',
    ],
    alike: [
      event(
        'Warning',
        'Unhealthy',
        'Liveness probe failed: HTTP probe failed with statuscode: 500',
      ),
      'INFO startup probe path is /healthz',
    ],
  },
  'shutdown-timeout': {
    real: [
      '2026-11-03T09:10:02: PM2 log: Process with pid 71 still alive after 1600ms, sending it SIGKILL now...',
      'conveyor  | INFO received SIGTERM, draining 31 connections\n\n[\n    {\n        "Name": "/conveyor",\n        "State": {\n            "Status": "exited",\n            "OOMKilled": false,\n            "ExitCode": 137\n        }\n    }\n]',
      '2026-11-03T10:00:00.1Z container kill 9f0123456789abcd (image=acme/worker:1, name=worker, signal=15)\n2026-11-03T10:00:10.1Z container kill 9f0123456789abcd (image=acme/worker:1, name=worker, signal=9)\n2026-11-03T10:00:10.2Z container die 9f0123456789abcd (exitCode=137, image=acme/worker:1, name=worker)',
      'time="2026-11-21T10:00:00Z" level=info msg="Container failed to exit within 10s of signal 15 - using the force" container=9f2c',
      "Nov 21 10:00:00 host systemd[1]: checkout.service: State 'stop-sigterm' timed out. Killing.",
      '2026/11/21 10:00:00 Server forced to shutdown: context deadline exceeded',
    ],
    alike: [
      'SIGTERM received, draining 3 connections',
      'INFO graceful shutdown complete',
      'rpc error: context deadline exceeded',
    ],
  },
  'exited-normally': {
    real: [
      'NAME                        READY   STATUS      RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   0/1     Completed   3 (41s ago)   60s',
      '2026-11-21 10:00:00,000 INFO exited: web (exit status 0; not expected)',
    ],
    alike: [
      'NAME                READY   STATUS      RESTARTS   AGE\nnightly-29384-x2x9z   0/1     Completed   0          60s',
      'worker exited with code 0',
    ],
  },
  'admission-denied': {
    real: [
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      ),
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: maximum memory usage per Container is 512Mi, but limit is 2Gi',
      ),
      'Error from server: error when creating "a.yaml": admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/shop/web was blocked due to the following policies',
    ],
    alike: [
      'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1',
      ),
    ],
  },
  'webhook-unavailable': {
    real: [
      'Error from server (InternalError): error when creating "a.yaml": Internal error occurred: failed calling webhook "validate.policy.example": failed to call webhook: Post "https://policy.ops.svc:443/validate?timeout=5s": dial tcp 10.96.0.9:443: connect: connection refused',
      event(
        'Warning',
        'FailedCreate',
        'Error creating: Internal error occurred: failed calling webhook "inject.mesh.example": failed to call webhook: Post "https://mesh.mesh.svc:443/inject": no endpoints available for service "mesh"',
      ),
    ],
    alike: [
      'admission webhook "validate.policy.example" denied the request: no owner label',
      'ERROR payment webhook returned 500',
    ],
  },
  'control-plane-unavailable': {
    real: [
      'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
      'Unable to connect to the server: net/http: TLS handshake timeout',
      'Error from server: etcdserver: request timed out',
      'E1121 10:00:00.000000       1 leaderelection.go:332] error retrieving resource lock kube-system/shop: Get "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/shop": dial tcp 10.96.0.1:443: connect: connection refused',
    ],
    alike: [
      'Error: connect ECONNREFUSED 10.0.0.4:8080',
      'Unable to connect to the server: x509: certificate has expired or is not yet valid',
    ],
  },
  'application-hung': {
    real: [
      'Found one Java-level deadlock:',
      'fatal error: all goroutines are asleep - deadlock!',
      '[ 1234.5] INFO: task postgres:812 blocked for more than 120 seconds.',
      'WARNING: Thread Thread[vert.x-eventloop-thread-0,5,main] has been blocked for 5123 ms, time limit is 2000 ms',
    ],
    alike: [
      'ERROR: deadlock detected\nDETAIL:  Process 12 waits for ShareLock on transaction 7; blocked by process 13.',
      'INFO no deadlocks found',
    ],
  },
  'invalid-config': {
    real: [
      'level=error component=configuration msg="Loading configuration file failed" file=/etc/app/alertmanager.yml err="undefined receiver"',
      '{"level":30,"pid":1,"file":"/srv/gateway/routes.json","msg":"reading configuration"}\n{"level":60,"pid":1,"err":{"type":"SyntaxError","message":"Expected \',\' or \'}\' after property value in JSON at position 19"}}',
      '2026/11/21 10:00:00 [emerg] 1#1: unknown directive "proxy_pas" in /etc/nginx/conf.d/default.conf:7',
      "*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line 3\n>>> 'maxmemory lots'\nargument must be a memory value",
      'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
      "[ALERT]    (1) : config : parsing [/usr/local/etc/haproxy/haproxy.cfg:12] : unknown keyword 'bakend' in 'frontend' section",
      'org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration num.partitions: Not a number of type INT',
      "Failed to bind properties under 'server.port' to java.lang.Integer:",
      'error: failed to load config: yaml: line 4: mapping values are not allowed in this context',
    ],
    alike: [
      'INFO configuration loaded from /etc/app.yaml',
      'INFO config reload: 0 errors',
      'SyntaxError: Unexpected token < in JSON at position 0',
    ],
  },
  'network-policy-blocked': {
    real: [
      '{"verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED","source":{"pod_name":"cart-1"}}',
      'xx drop (Policy denied) flow 0x0 to endpoint 812, identity 4->5: 10.0.1.2:4312 -> 10.0.1.9:8080 tcp SYN',
      'ERROR call of stock failed: timed out\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\n  namespace: shop\nspec:\n  podSelector: {}\n  policyTypes:\n  - Egress',
    ],
    alike: ['ERROR call of stock failed: timed out', 'INFO network policy default-deny applied'],
  },
  'ingress-misconfigured': {
    real: [
      'Name:             web\nLabels:           <none>\nNamespace:        shop\nAddress:          \nIngress Class:    nginx\nDefault backend:  <default>\nRules:\n  Host        Path  Backends\n  ----        ----  --------\n  a.test      \n              /x   gone:80 (<error: services "gone" not found>)\nAnnotations:  <none>\nEvents:       <none>',
      'W1121 10:00:00.000000       7 controller.go:1112] Error obtaining Endpoints for Service "shop/web": no object matching key "shop/web" in local store',
      'NAME      CLASS   HOSTS    ADDRESS   PORTS   AGE\nbooking   inner   a.test             80      24s\n\nNAME    CONTROLLER             PARAMETERS   AGE\nouter   k8s.io/ingress-nginx   <none>       27s',
    ],
    alike: [
      'NAME      CLASS   HOSTS    ADDRESS    PORTS   AGE\nbooking   outer   a.test   10.0.0.1   80      24s\n\nNAME    CONTROLLER             PARAMETERS   AGE\nouter   k8s.io/ingress-nginx   <none>       27s',
      '10.0.0.1 - - "GET /nothing HTTP/1.1" 404 12',
    ],
  },
  'no-endpoints': {
    real: [
      'W1121 10:00:00.000000       7 controller.go:1232] Service "shop/web" does not have any active Endpoint.',
      'NAME            ENDPOINTS   AGE\nendpoints/web   <none>      28s',
      'Name:                     web\nNamespace:                shop\nLabels:                   <none>\nSelector:                 app=webb\nType:                     ClusterIP\nPort:                     <unset>  80/TCP\nEndpoints:                \nSession Affinity:         None\nEvents:                   <none>',
    ],
    alike: ['NAME   ENDPOINTS        AGE\nweb    10.0.0.4:8080    28s'],
  },
  'deploy-sync-failed': {
    real: [
      'time="2026-11-10T07:00:00Z" level=info msg="Sync operation to 9abc failed: one or more tasks completed unsuccessfully" application=argocd/frontend',
      'network "edge-ingress" is declared as external, but could not be found.',
      'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
      'Error: INSTALLATION FAILED: YAML parse error on web/templates/deployment.yaml: error converting YAML to JSON: yaml: line 12: did not find expected key',
      event(
        'Warning',
        'BuildFailed',
        'kustomize build failed: accumulating resources: evalsymlink failure',
      ).replace('pod/', 'kustomization/'),
    ],
    alike: ['Release "web" has been upgraded. Happy Helming!'],
  },
  'rollout-blocked': {
    real: [
      'error: deployment "checkout" exceeded its progress deadline',
      "error: unable to drain node: Cannot evict pod as it would violate the pod's disruption budget.",
    ],
    alike: ['deployment "checkout" successfully rolled out'],
  },
  'autoscaler-failed': {
    real: [
      event(
        'Warning',
        'FailedGetResourceMetric',
        'failed to get cpu utilization: missing request for cpu in container checkout of Pod checkout-7d9f8c6b5d-x2x9z',
      ),
      event(
        'Warning',
        'FailedGetResourceMetric',
        'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
      ),
    ],
    alike: [
      'NAME   REFERENCE        TARGETS        MINPODS   MAXPODS   REPLICAS   AGE\nweb    Deployment/web   cpu: 20%/50%   1         3         1          27s',
    ],
  },
};

testSamples(samples);
