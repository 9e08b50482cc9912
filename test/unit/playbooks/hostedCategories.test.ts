import { testSamples, type Samples } from './samples';

/** What hosted platforms, other engines and less common languages print, in their exact words. */
const samples: Samples = {
  'oom-killed': {
    real: [
      'Container [pid=812,containerID=container_17] is running beyond physical memory limits. Current usage: 4.2 GB of 4 GB physical memory used; Killing container.',
    ],
    alike: [],
  },
  'startup-failed': {
    real: [
      'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.',
    ],
    alike: [],
  },
  'readiness-failed': {
    real: ['(service till) (task 7f) failed container health checks.'],
    alike: [],
  },
  'connection-reset': {
    real: ['heroku[router]: at=error code=H13 desc="Connection closed without response" path="/a"'],
    alike: ['heroku[router]: at=info code=H27 desc="Client Request Interrupted" path="/a"'],
  },
  'traffic-overload': {
    real: ['The request was aborted because there was no available instance.'],
    alike: [],
  },
  'dependency-missing': {
    real: [
      "[ERROR] Runtime.ImportModuleError: Unable to import module 'till': No module named 'stamps'",
      "lua: ./till.lua:3: module 'stamps' not found:\n\tno field package.preload['stamps']",
      'dyld[7]: Library not loaded: @rpath/libstamp.5.dylib',
      "Error in library(stamps) : there is no package called 'stamps'",
      'ld: cannot find -lstamp',
    ],
    alike: [],
  },
  'bad-command': {
    real: ['INIT_REPORT Status: error Error Type: Runtime.InvalidEntrypoint'],
    alike: [],
  },
  'image-unauthorized': {
    real: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth',
      'Error: initializing source docker://reg.desk/till:3: unable to retrieve auth token: invalid username/password',
    ],
    alike: [],
  },
  'image-not-found': {
    real: [
      'Error: short-name "till" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    ],
    alike: [],
  },
  'missing-config-ref': {
    real: ["unable to pull secrets: Secrets Manager can't find the specified secret."],
    alike: [],
  },
  unauthorized: {
    real: ['kinit: Preauthentication failed while getting initial credentials'],
    alike: [],
  },
  'port-in-use': {
    real: [
      'listen tcp 0.0.0.0:443: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    ],
    alike: [],
  },
  'permission-denied': {
    real: [
      'audit[7]: AVC avc:  denied  { write } for  pid=7 comm="till" name="ledger"\ntill[7]: FATAL open /srv/ledger: Permission denied',
      'rootlessport cannot expose privileged port 443, you can add it to /etc/sysctl.conf',
    ],
    alike: [],
  },
  'read-only-filesystem': {
    real: ['mount: cannot remount /dev/sdb1 read-write, is write-protected'],
    alike: [],
  },
  'version-incompatible': {
    real: [
      'RuntimeError: CUDA error: no kernel image is available for execution on the device',
      'Error: INSTALLATION FAILED: chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.28.4',
    ],
    alike: [],
  },
  segfault: {
    real: [
      'Process 812 ended with exit code 0xC0000005',
      'thread caused non-unwinding panic. aborting.',
    ],
    alike: [],
  },
  'unhandled-exception': {
    real: [
      'till/Ledger.swift:60: Fatal error: Index out of range',
      "Error in post(x) : object 'total' not found\nExecution halted",
      'Can\'t call method "total" on an undefined value at till.pl line 3.',
      'ERROR: LoadError: BoundsError: attempt to access 3-element Vector{Int64} at index [4]',
      'kotlin.UninitializedPropertyAccessException: lateinit property total has not been initialized\n\tat desk.Till.post(Till.kt:9)\n\tat desk.TillKt.main(Till.kt:3)',
    ],
    alike: [
      'java.util.concurrent.TimeoutException\n\tat java.base/java.util.concurrent.CompletableFuture.timedGet(CompletableFuture.java:1960)',
      'desk.till.EmptyException: nothing was sold today',
    ],
  },
  'unschedulable-resources': {
    real: [
      'service till was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
    ],
    alike: [],
  },
  'docker-unreachable': {
    real: ['dial unix /run/user/1000/podman/podman.sock: connect: no such file or directory'],
    alike: [],
  },
  'sandbox-failed': {
    real: [
      'Error: netavark: unable to append rule to table nat',
      'Error: OCI runtime error: crun: sd-bus call: Permission denied',
    ],
    alike: [],
  },
};

testSamples(samples);
