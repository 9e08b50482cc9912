import { nodePressure } from './nodePressure';

export const nodeMemoryPressure = nodePressure({
  category: 'node-memory-pressure',
  condition: 'MemoryPressure',
  resource: 'memory',
  reason: 'NodeHasInsufficientMemory',
  taint: 'node\\.kubernetes\\.io/memory-pressure',
  noun: 'memory',
  keywords: ['memory', 'eviction'],
  advice:
    'Find what uses the node’s memory beyond its request, give it a request that matches its use, or add room. Pods that use more than they request are evicted first.',
  look: { title: 'See who uses the memory', command: 'kubectl top pod -A --sort-by=memory' },
});
