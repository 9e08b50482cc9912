import { testSamples, type Samples } from './samples';

/** What kubelets, clouds, runtimes and installers say in fixed sentences of their own. */
const samples: Samples = {
  'application-hung': {
    real: [
      'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
      'WARNING [Catalina-utility-2] org.apache.catalina.valves.StuckThreadDetectionValve.notifyStuckThreadDetected Thread [http-nio-9090-exec-2] (id=[31]) has been active for [71,402] milliseconds',
    ],
    alike: [
      'WARNING [Catalina-utility-2] StuckThreadDetectionValve.notifyStuckThreadCompleted Thread [http-nio-9090-exec-2] (id=[31]) was previously reported to be stuck but has completed. It was active for approximately [71,402] milliseconds.',
    ],
  },
  'autoscaler-failed': {
    real: [
      'unable to get metric queue_depth: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
      'E0501 static_autoscaler.go:303] Failed to get node infos for groups: unable to build proper template node for till-1',
    ],
    alike: [],
  },
  'control-plane-unavailable': {
    real: [
      'ERROR: Get "https://10.43.0.1:443/apis/crd.projectcalico.org/v1/felixconfigurations/default": context deadline exceeded',
    ],
    alike: ['ERROR: Get "https://till.shop.example/api/v1/orders": context deadline exceeded'],
  },
  'dependency-missing': {
    real: [
      'Error! Failed to load module: {plugins_not_found,[rabbitmq_stamps]}',
      'Error: @prisma/client did not initialize yet. Please run "prisma generate"',
      'django.core.exceptions.ImproperlyConfigured: Error loading psycopg2 or psycopg module',
    ],
    alike: ['SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".'],
  },
  'deploy-sync-failed': {
    real: ["rpc error: code = Unknown desc = Unable to resolve 'relase-7' to a commit SHA"],
    alike: [],
  },
  'disk-full': {
    real: [
      'ORA-01653: unable to extend table TILL.STAMPS by 64 in tablespace DATA',
      'kernel: EXT4-fs (sdb1): Delayed block allocation failed for inode 77 at logical offset 0 with max blocks 4 with error 28',
    ],
    alike: [],
  },
  'docker-unreachable': {
    real: ['FATA[0000] cannot access containerd socket "/run/k/containerd.sock": no such file'],
    alike: [
      "ERRO[0002] connect endpoint 'unix:///var/run/dockershim.sock', make sure you are running as root and the endpoint has been started: context deadline exceeded",
    ],
  },
  'fd-exhausted': {
    real: ['ValueError: filedescriptor out of range in select()'],
    alike: [],
  },
  'heap-exhausted': {
    real: [
      '# Out Of Memory allocating 67108880 bytes!',
      'ERROR [ReadStage-1] JVMStabilityInspector.java:70 - OutOfMemory error letting the JVM handle the error: java.lang.OutOfMemoryError: Java heap space',
      'vm_memory_high_watermark set. Memory used:1935973836 allowed:1221225472',
    ],
    alike: ['Memory high watermark set to 3072 MiB (3221225472 bytes) of 7680 MiB total'],
  },
  'image-not-found': {
    real: ['ERROR: failed to solve: debian:98-slim: docker.io/library/debian:98-slim: not found'],
    alike: [],
  },
  'image-platform-mismatch': {
    real: [
      "java.lang.UnsatisfiedLinkError: /tmp/stamp.so: cannot open shared object (Possible cause: can't load IA 32-bit .so on a AMD 64-bit platform)",
      'Fatal glibc error: CPU does not support x86-64-v3',
    ],
    alike: [
      "ERROR: ld.so: object '/usr/lib/till.so' from LD_PRELOAD cannot be preloaded (wrong ELF class: ELFCLASS32): ignored.",
    ],
  },
  'image-unauthorized': {
    real: ['denied: Your authorization token has expired. Reauthenticate and try again.'],
    alike: [],
  },
  'invalid-config': {
    real: [
      'err="undefined receiver \\"desk\\" used in route"',
      "You've tried to set till.portt, but there is no setting with that name.",
    ],
    alike: [],
  },
  'job-deadline-exceeded': {
    real: ['Error: UPGRADE FAILED: pre-upgrade hooks failed: job failed: DeadlineExceeded'],
    alike: [],
  },
  'missing-config-ref': {
    real: [
      'Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "desk-ca" not found',
    ],
    alike: [
      '"Unable to retrieve pull secret, the image pull may not succeed." pod="till/web-1" err="secret \\"desk\\" not found"',
    ],
  },
  'missing-env': {
    real: ['nginx: [emerg] host not found in upstream "${TILL_HOST}" in /etc/nginx/till.conf:3'],
    alike: [],
  },
  'node-memory-pressure': {
    real: [
      'kubelet.go:1290 "Node condition changed" type=MemoryPressure status=True reason=KubeletHasInsufficientMemory message="kubelet has insufficient memory available"',
    ],
    alike: [],
  },
  'oom-killed': {
    real: ['[3234.2] oom_reaper: reaped process 77 (till), now anon-rss:0kB, file-rss:0kB'],
    alike: [],
  },
  'pod-preempted': {
    real: [
      'Preempted to accommodate a workload (UID: 77, JobUID: 78) due to reclamation within the cohort',
    ],
    alike: [],
  },
  'port-exhausted': {
    real: [
      '2026/11/20 10:00:00 [alert] 7#7: *12 bind(10.0.0.9) failed (98: Address already in use) while connecting to upstream',
    ],
    alike: [],
  },
  'readiness-failed': {
    real: ['Readiness probe failed: calico/node is not ready: felix is not ready: HTTP 503'],
    alike: [],
  },
  'rollout-blocked': {
    real: ['Deployment status: Failed due to unhealthy allocations - no stable job version'],
    alike: [],
  },
  'sandbox-failed': {
    real: [
      'stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running',
      'failed to create shim task: OCI runtime create failed: runc create failed: unable to apply cgroup configuration: mkdir /sys/fs/cgroup/memory/kubepods: cannot allocate memory',
    ],
    alike: [],
  },
  'shutdown-timeout': {
    real: ['Container 77fe failed to exit within 20 seconds of signal 15 - using the force'],
    alike: [],
  },
  'startup-failed': {
    real: ['INIT_REPORT Init Duration: 9999.02 ms\tPhase: init\tStatus: timeout'],
    alike: ['INIT_REPORT Init Duration: 812.20 ms\tPhase: init'],
  },
  'unschedulable-constraints': {
    real: [
      'incompatible with nodepool "desk", incompatible requirements, key kubernetes.io/arch, kubernetes.io/arch In [arm64] not in kubernetes.io/arch In [amd64]',
    ],
    alike: [],
  },
  'version-incompatible': {
    real: [
      'MongoServerSelectionError: Server at till:27017 reports maximum wire version 6, but this version of the Node.js Driver requires at least 7 (MongoDB 4.0)',
      'Error: error:0308010C:digital envelope routines::unsupported',
    ],
    alike: [],
  },
  'volume-mount-failed': {
    real: ['nfs: server desk.shop not responding, still trying'],
    alike: ['nfs: server desk.shop not responding, still trying\nnfs: server desk.shop OK'],
  },
  'volume-unbound': {
    real: [
      'failed to provision volume with StorageClass "desk": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    ],
    alike: [
      'failed to provision volume with StorageClass "desk": rpc error: code = Aborted desc = An operation with the given Volume ID already exists',
    ],
  },
};

testSamples(samples);
