import { event, swarmTask, testSamples, type Samples } from './samples';

/** What platforms print where there is no place for a pod or a volume, and what only looks like it. */
const samples: Samples = {
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
};

testSamples(samples);
