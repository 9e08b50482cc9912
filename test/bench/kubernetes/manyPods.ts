import { setTimeout as sleep } from 'node:timers/promises';

import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

const parallel = 40;

/** A namespace with many pods that only exist in the API: no scheduler is theirs, so nothing runs. */
export class ManyPods implements AsyncDisposable {
  readonly namespace = `bench-pods-${process.pid}`;
  readonly firstPod = podName(0);

  private constructor(private readonly core: CoreV1Api) {}

  static async make(count: number): Promise<ManyPods> {
    const config = new KubeConfig();
    config.loadFromDefault();
    const pods = new ManyPods(config.makeApiClient(CoreV1Api));
    await pods.core.createNamespace({ body: { metadata: { name: pods.namespace } } });
    try {
      await pods.fill(count);
    } catch (error) {
      await pods[Symbol.asyncDispose]();
      throw error;
    }
    return pods;
  }

  /** The cluster takes its time with so many, and so it is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.deleteNamespace({ name: this.namespace });
  }

  private async fill(count: number): Promise<void> {
    await this.accountIsThere();
    let next = 0;
    const worker = async () => {
      while (next < count) {
        const name = podName(next++);
        await this.core.createNamespacedPod({ namespace: this.namespace, body: podNamed(name) });
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
  }

  /** Without it the API server takes no pod. */
  private async accountIsThere(): Promise<void> {
    const { namespace } = this;
    for (let tries = 0; tries < 100; tries++) {
      const { items } = await this.core.listNamespacedServiceAccount({ namespace });
      if (items.length > 0) return;
      await sleep(100);
    }
    throw new Error(`Namespace ${namespace} got no service account.`);
  }
}

function podName(index: number): string {
  return `checkout-${String(index).padStart(5, '0')}`;
}

/** About as large as a pod of a chart is. */
function podNamed(name: string) {
  return {
    metadata: { name, labels: { app: 'checkout', 'app.kubernetes.io/instance': 'checkout' } },
    spec: {
      schedulerName: 'nobody',
      containers: [
        {
          name: 'main',
          image: 'test/busybox:1',
          command: ['sh', '-c', 'sleep 3600'],
          env: Array.from({ length: 10 }, (_, index) => ({
            name: `SETTING_${index}`,
            value: `value of setting ${index}`,
          })),
          resources: { limits: { memory: '256Mi', cpu: '500m' } },
          readinessProbe: { httpGet: { path: '/healthz', port: 8080 } },
        },
      ],
    },
  };
}
