// Nodes that exist only in the API, ready for some seconds: enough for the scheduler's answer.
import { run, sleep } from './shell.mjs';

/**
 * Makes nodes, all with a taint that keeps other pods away.
 * @param {{ name: string, cpu: string, memory: string, labels?: Record<string, string>, taints?: object[] }[]} nodes
 */
export async function makeNodes(nodes) {
  for (const { name, cpu, memory, labels = {}, taints = [] } of nodes) {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'node.example.com/provisioner': 'default',
          ...labels,
        },
      },
      spec: { taints },
    };
    await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(node) });
    const now = new Date().toISOString();
    const size = { cpu, memory, pods: '110' };
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    const status = JSON.stringify({
      status: { capacity: size, allocatable: size, conditions: [ready] },
    });
    await run('kubectl', [
      'patch',
      'node',
      name,
      '--subresource=status',
      '--type=merge',
      '-p',
      status,
    ]);
  }
  await sleep(4); // until the controller has taken its not-ready taint away
}

/** Removes them all. */
export const removeNodes = () =>
  run('kubectl', ['delete', 'nodes', '-l', 'node.example.com/provisioner=default', '--wait=false']);
