import { askDescribe, askEvents, describePod, place, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';
import { heldElsewhere } from './volumeAttachConflict';

/** What is mounted does not exist as an object: that is a missing reference, a claim or a conflict. */
const other = new RegExp(
  String.raw`(?:configmap|secret)s? ["'\\]*[\w./-]+["'\\]* not found|references non-existent|not registered|persistentvolumeclaim "[^"]*" not found|${heldElsewhere.source}`,
  'i',
);

/** The kubelet tries again in a second: it had not read the object yet when the pod came. */
const passing = /failed to sync (?:configmap|secret) cache: timed out/i;

export const volumeMountFailed: Playbook = {
  category: 'volume-mount-failed',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(
      /MountVolume\.(?:SetUp|MountDevice|WaitForAttach|NewMounter)\S* (?:failed|\w+ failed) for volume "?(?<volume>[\w.-]+)/i,
      { unless: new RegExp(`${other.source}|${passing.source}`, 'i') },
    ),
    symptom(passing, { weight: 0.4 }),
    fact(
      /(?:AttachVolume\.Attach|MapVolume\.\w+|UnmountVolume\.\w+) failed for volume "?(?<volume>[\w.-]+)/i,
      {
        unless: other,
        weight: 0.85,
      },
    ),
    fact(/hostPath type check failed: (?<path>\S+)/i),
    fact(/driver name [\w.-]+ not found in the list of registered CSI drivers/i),
    proof(/\bmount failed: exit status \d+/i, { weight: 0.85, unless: other }),
    proof(
      /mount: .*(?:wrong fs type, bad option, bad superblock|unknown filesystem type|special device \S+ does not exist)/i,
      {
        weight: 0.85,
      },
    ),
    proof(/\bmount\.(?:nfs4?|cifs|ceph|glusterfs|efs)\S*: \S/i, { weight: 0.85 }),
    fact(/failed to mount local volume: mount /i),
    fact(/error while mounting volume ['"]?\S+/i, { weight: 0.85 }),
    fact(/bind source path does not exist: (?<path>\S+)/i),
    fact(/Are you trying to mount a directory onto a file \(or vice-versa\)/i, { weight: 0.95 }),
    fact(/error mounting \S+ to rootfs at /i, { weight: 0.8, unless: /\/proc\/|exec:/i }),
    symptom(/Unable to attach or mount volumes: unmounted volumes=.(?<volume>[\w.-]+)/i, {
      weight: 0.55,
    }),
    proof(/\bmount error\(\d+\):/i, { weight: 0.85 }), // CIFS
    // File systems of the network that do not answer, or whose other side is gone
    fact(/\bnfs: server (?<host>\S+) not responding, (?:still trying|timed out)/i, {
      weight: 0.85,
    }),
    proof(/\bStale (?:NFS )?file handle\b|\bESTALE\b/i),
    proof(/\btransport endpoint is not connected: '(?<path>\/[^']{1,200})/i, { weight: 0.85 }),
    proof(/\bmountWithStorageHandle: fs\.NewServer: /i, { weight: 0.9 }), // gcsfuse
    proof(
      /\bFailed to resolve "fs-[\w-]{1,40}\.efs\.[\w.-]{1,60}" - check that your file system/i,
      {
        weight: 0.9,
      },
    ),
    // The kubelet and its drivers
    fact(/'fsck' found errors on device \S{1,200} but could not correct them/i),
    fact(/\bfailed to prepare subPath for volumeMount "(?<volume>[\w.-]+)/i),
    fact(/\bfailed to get any path for iscsi disk\b/i),
  ],
  recovery: [/\bnfs: server \S+ OK$/i],
  keywords: ['kubernetes', 'storage', 'mount'],
  summary: (situation) => {
    const volume = /for volume \\*"?([\w.-]+)|unmounted volumes=\[([\w.-]+)/i.exec(situation.proof);
    const name = volume?.[1] ?? volume?.[2];
    return `${who(situation)} cannot start: its volume${name ? ` ${name}` : ''} cannot be mounted.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'shows what the mount fails of'),
    ...askDescribe(situation, 'shows which volumes the pod mounts'),
  ],
  collect: (situation) => [describePod(situation), `kubectl get pvc,pv${place(situation)}`],
  advice: (situation) => ({
    summary:
      'Correct what the volume names (path, server, file system type, driver), or make it exist. What is mounted on a file must be a file.',
    commands: [
      { title: 'See which volumes it mounts and why that fails', command: describePod(situation) },
      { title: 'See the drivers that nodes have', command: 'kubectl get csinodes' },
    ],
  }),
};
