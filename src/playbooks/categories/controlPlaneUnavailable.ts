import { who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';

/** A certificate or a name is at fault, and says so. */
const other = /x509|certificate|no such host/i;

export const controlPlaneUnavailable: Playbook = {
  category: 'control-plane-unavailable',
  layer: 'peer',
  severity: 'critical',
  signals: [
    fact(
      /The connection to the server (?<host>[\w.-]+)(?::(?<port>\d+))? was refused - did you specify/i,
      {
        weight: 0.95,
        mechanism: 'connection-refused',
      },
    ),
    fact(/Unable to connect to the server: /i, { unless: other }),
    fact(/\betcdserver: (?:request timed out|leader changed|no leader|too many requests)/i, {
      weight: 0.95,
    }),
    // The API server's own readiness, and its client of the store.
    fact(/\[-\]etcd(?:-readiness)? failed\b/i, { weight: 0.95 }),
    fact(/\betcd-client\b.*retrying of unary invoker failed/i, { weight: 0.85 }),
    fact(
      /(?:The swarm does not have a leader|not a swarm manager with quorum|too few managers are online)/i,
      { weight: 0.95 },
    ),
    fact(
      /(?:Kubernetes API|kube-?apiserver|api ?server) (?:is )?(?:unavailable|unreachable|not (?:ready|responding|reachable)|down)\b/i,
    ),
    proof(
      /:6443\b.*(?:connection refused|i\/o timeout|TLS handshake timeout|connection reset|EOF|no route to host|timed out)/i,
      {
        weight: 0.9,
        unless: other,
      },
    ),
    proof(/dial tcp \S+:443: .*(?:refused|timeout|no route).*/i, {
      weight: 0.85,
      unless: /\/v2\/|x509/i,
      refine: ({ line }) =>
        /\/api(?:s)?\/|leases|kubernetes\.default|10\.96\.0\.1:443|list \*v1|reflector/i.test(
          line.message,
        )
          ? { mechanism: 'connection-refused' }
          : null,
    }),
    proof(
      /Failed to update (?:node )?lease|failed to ensure lease exists|failed to renew lease \S+: /i,
      {
        weight: 0.65,
      },
    ),
    proof(/leader ?election lost|failed to renew lease .*timed out waiting/i, { weight: 0.6 }),
    proof(/Kubernetes cluster unreachable: /i, { weight: 0.9, unless: other }),
    symptom(
      /the server (?:is currently unable to handle the request|was unable to return a response in the time allotted)/i,
      // one API that others serve, such as the metrics
      { weight: 0.7, unless: /\.metrics\.k8s\.io|resource metrics API/i },
    ),
    symptom(/Error from server \((?:ServiceUnavailable|Timeout|TooManyRequests)\)/i, {
      weight: 0.75,
    }),
    proof(
      /error retrieving resource lock \S+: [^\n]*(?:deadline exceeded|timed? ?out|refused|EOF)/i,
      {
        weight: 0.75,
        unless: other,
      },
    ),
    symptom(/Error from server \(InternalError\): an error on the server/i, { weight: 0.7 }),
    // Clients of the API and of the store that wait in vain, by the addresses that they ask
    proof(
      /\bGet "?https:\/\/[\w.:[\]-]{1,120}\/(?:api\/v1\/(?:nodes|pods|namespaces|endpoints|secrets|services|configmaps)\b|apis\/[\w-]{1,60}\.[\w.-]{1,80}\/v\d)[^\s"]{0,300}"?: (?:context deadline exceeded|net\/http: (?:TLS handshake timeout|request canceled))/i,
      { weight: 0.75, unless: /\.metrics\.k8s\.io/i },
    ),
    fact(
      /\[core\][^\n]{0,60}grpc: addrConn\.createTransport failed to connect to [^\n]{0,40}:2379\b/i,
      { weight: 0.85 },
    ),
    fact(/\breceived an error that is not an metav1\.Status: \S{0,40}deadlineExceeded/i, {
      weight: 0.65,
    }),
    fact(/\bThe apiserver is shutting down, please try again later/i, { weight: 0.65 }),
  ],
  recovery: [/successfully (?:renewed|acquired) lease/i],
  keywords: ['kubernetes', 'control-plane', 'apiserver', 'etcd'],
  summary: (situation) => {
    const etcd = /etcd/i.test(situation.proof);
    return etcd
      ? `The cluster’s store (etcd) does not serve in time, so the control plane cannot answer ${who(situation)}.`
      : `The cluster’s API server does not answer, so nothing can be read or changed and ${who(situation)} gets no news of the cluster.`;
  },
  questions: () => [],
  collect: () => ['kubectl get --raw /readyz?verbose', 'kubectl cluster-info'],
  advice: () => ({
    summary:
      'Bring the API server and etcd back: their containers on the control plane’s nodes, the load balancer before them, disk and certificates. Workloads that run go on meanwhile.',
    commands: [
      { title: 'Ask the API server how it is', command: 'kubectl get --raw /readyz?verbose' },
      {
        title: 'See its containers (on a control plane node)',
        command: 'crictl ps -a | grep -E "kube-apiserver|etcd"',
      },
    ],
  }),
};
