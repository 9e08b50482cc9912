import { nodePressure } from './nodePressure';

export const nodePidPressure = nodePressure({
  category: 'node-pid-pressure',
  condition: 'PIDPressure',
  resource: 'pids?',
  reason: 'NodeHasInsufficientPID',
  taint: 'node\\.kubernetes\\.io/pid-pressure',
  noun: 'process ids',
  keywords: ['process', 'eviction'],
  advice:
    'Find what starts so many processes or threads on the node, mend it, and bound every pod with the kubelet’s podPidsLimit.',
  look: {
    title: 'See who has most threads (run on the node)',
    command: 'ps -eo nlwp,pid,comm --sort=-nlwp | head -20',
  },
});
