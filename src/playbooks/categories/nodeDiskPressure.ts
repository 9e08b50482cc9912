import { fact } from '../playbook';
import { nodePressure } from './nodePressure';

const playbook = nodePressure({
  category: 'node-disk-pressure',
  condition: 'DiskPressure',
  resource: 'ephemeral-storage|inodes|nodefs|imagefs',
  reason: 'NodeHasDiskPressure',
  taint: 'node\\.kubernetes\\.io/disk-pressure',
  noun: 'disk space',
  keywords: ['disk', 'eviction'],
  advice:
    'Free the node’s disk (unused images, logs, writable layers), bound what pods write by ephemeral-storage limits, or give the node a larger disk.',
  look: {
    title: 'See what fills the node (run on it)',
    command: 'df -h / /var/lib && crictl images',
  },
});

/** Also what the kubelet says when removing images frees nothing. */
export const nodeDiskPressure = {
  ...playbook,
  signals: [
    ...playbook.signals,
    fact(/failed to garbage collect required amount of images/i, { weight: 0.8 }),
    fact(/Failed to garbage collect required amount of images\. (?:Attempted|Wanted) to free/i, {
      weight: 0.85,
    }),
    fact(
      /Disk usage on image filesystem is (?:(?:at|over) \d+%,? which is )?over the high threshold/i,
      {
        weight: 0.7,
      },
    ),
    // Jenkins, YARN
    fact(/\bMaking \S{1,80} offline temporarily due to the lack of disk space/i),
    fact(/\blocal-dirs (?:usable space is below|are bad)\b/i, { weight: 0.85 }),
  ],
};
