import {
  look,
  needs,
  needsSecret,
  npm,
  pypi,
  takes,
  takesSecret,
  type Description,
} from './describe';

/** Metrics, logs and traces that one keeps oneself. */
export const observabilityServers: readonly Description[] = [
  {
    name: 'prometheus',
    title: 'Prometheus',
    purpose:
      'Asks Prometheus with PromQL: metrics, targets that are down, CPU and memory over time.',
    keywords: ['prometheus', 'promql', 'metrics', 'cpu', 'memory', 'alert', 'latency', 'target'],
    categories: ['oom-killed', 'heap-exhausted', 'cpu-throttled', 'disk-full'],
    program: npm(
      'prometheus-mcp',
      '1.1.3',
      'sha512-iln/dRdYhzrm8+YOc6yLuqcwWjtced370ME4XR79wAZkE5IpvZYdFHXSlEz0R2V0h1AvZ47R4n/iFL6eWgQeCA==',
    ),
    args: ['stdio'],
    publisher: 'idanfishman',
    official: false,
    state: 'none',
    releasedOn: '2026-08-22',
    hosts: ['${PROMETHEUS_URL}'],
    environment: [
      needs('PROMETHEUS_URL', 'Address of Prometheus', { isEndpoint: true }),
      takes('PROMETHEUS_USERNAME', 'User, where it asks for one'),
      takesSecret('PROMETHEUS_PASSWORD', 'Password of that user'),
    ],
    looks: [
      look({
        keywords: ['prometheus'],
        categories: ['cpu-throttled'],
        tool: 'prometheus_query',
        arguments: {
          query:
            'topk(10, rate(container_cpu_cfs_throttled_periods_total[5m]) / rate(container_cpu_cfs_periods_total[5m]) > 0.25)',
        },
        why: 'tells which containers are throttled most',
      }),
      look({
        keywords: [],
        categories: ['oom-killed'],
        tool: 'prometheus_query',
        arguments: {
          query:
            'topk(10, container_memory_working_set_bytes{container!=""} / on(namespace,pod,container) kube_pod_container_resource_limits{resource="memory"} > 0.8)',
        },
        why: 'tells which containers are near their memory limit',
      }),
    ],
  },
  {
    name: 'grafana',
    title: 'Grafana',
    purpose:
      'Reads Grafana: dashboards, alerts, Prometheus and Loki queries, on-call and incidents.',
    keywords: [
      'grafana',
      'dashboard',
      'prometheus',
      'loki',
      'alert',
      'metrics',
      'logs',
      'oncall',
      'tempo',
    ],
    categories: ['cpu-throttled', 'unhandled-exception', 'oom-killed'],
    program: pypi(
      'mcp-grafana',
      '2.1.1',
      'sha256-MHp3ZEYFVhMAwV74TUG7NM+Fk/9+tOlOIio6hh7HA9M= sha256-TV5wqaKTpKjcIhqJ2NrXweyk2ayLX/t1yXvWbN34o90= sha256-TWBony/Zeq5sxsn6Bhwnfbx9InlRdWLw2PbMoubNNAQ= sha256-hoDPlk2AgO9fDT5d3lR+Ejh+BknWFoFd0Q3yeiF76Jk= sha256-ywOs3mAC/ZEwTJICUnvm0AgBZ60dZMpxgq0IPSB7VVk= sha256-0+w3KE7wYX4fq2CjhzUIJq8RcGbOisiLwL6G4yu8ysU= sha256-3Oycb3Q/6jQS5l/T35NyLGN3qbDjYEOdXJEZ6mx7Ahg= sha256-/W0j17qp67WdQaOysDgy1MMsoxpKrhvnuHYrxYttSZI=',
    ),
    args: ['--disable-write'],
    publisher: 'Grafana Labs',
    official: true,
    state: 'none',
    releasedOn: '2026-10-01',
    hosts: ['${GRAFANA_URL}'],
    environment: [
      needs('GRAFANA_URL', 'Address of Grafana', { isEndpoint: true }),
      needsSecret('GRAFANA_SERVICE_ACCOUNT_TOKEN', 'Token of a service account that may only read'),
    ],
    looks: [
      look({
        keywords: ['grafana', 'prometheus', 'loki'],
        tool: 'list_datasources',
        why: 'tells which sources of metrics and logs there are',
      }),
    ],
  },
  {
    name: 'loki',
    title: 'Grafana Loki',
    purpose: 'Searches the logs in Loki: by container, by label, by pattern, over time.',
    keywords: ['loki', 'logs', 'logql', 'grafana', 'promtail', 'exception'],
    categories: ['unhandled-exception', 'crash-loop'],
    program: pypi(
      'loki-tail-mcp',
      '0.2.0',
      'sha256-A/2C8DS45tSAS3wHvCxsQFGn5H0cb/8DVGPouMW+xfk= sha256-QZluaVwiwAcqXrNxy/CoXTYV4sIZFkAt/yOLSs0mrOE=',
    ),
    args: ['--stdio'],
    publisher: 'snickery',
    official: false,
    state: 'none',
    releasedOn: '2026-10-01',
    hosts: ['${LOKI_URL}'],
    environment: [
      needs('LOKI_URL', 'Address of Loki', { isEndpoint: true }),
      takes('LOKI_TENANT_ID', 'Tenant, where Loki has several'),
      takesSecret('LOKI_BASIC_AUTH', 'user:password, where it asks for one'),
    ],
    looks: [
      look({
        keywords: ['loki'],
        tool: 'loki_list_containers',
        why: 'tells which containers have written logs lately',
      }),
    ],
  },
  {
    name: 'jaeger',
    title: 'Jaeger',
    purpose: 'Searches the traces in Jaeger: slow spans, errors, dependencies of services.',
    keywords: ['jaeger', 'trace', 'span', 'latency', 'opentelemetry'],
    categories: null,
    program: pypi(
      'jaeger-mcp',
      '0.6.1',
      'sha256-hVEoGtpsz75TmqLzgzmkSCUuFGvn36MaySHRmRqLoyg= sha256-tsA2Dwb+UGBgZ1ZLW36+9J7xhrtMwo5t3GE3K9c1ceM=',
    ),
    publisher: 'mshegolev',
    official: false,
    state: 'none',
    releasedOn: '2026-08-01',
    hosts: ['${JAEGER_URL}'],
    environment: [
      needs('JAEGER_URL', 'Address of the query service', { isEndpoint: true }),
      takesSecret('JAEGER_TOKEN', 'Token, where it asks for one'),
    ],
    looks: [
      look({
        keywords: ['jaeger'],
        tool: 'jaeger_list_services',
        why: 'tells which services report traces',
      }),
    ],
  },
  {
    name: 'opentelemetry',
    title: 'OpenTelemetry backends',
    purpose: 'Reads traces, metrics and logs from Tempo, Jaeger, Prometheus and Loki as one.',
    keywords: ['opentelemetry', 'otel', 'trace', 'span', 'tempo', 'slo', 'latency'],
    categories: null,
    program: npm(
      'autotel-mcp',
      '0.8.0',
      'sha512-bfQZiRBUmAdhr9IJrTwIaBgyHQ9LmAyOe4ttGYSCwsloKp9b/LJmBJcmi2/pC+AbfInk48uMI57jfbXOfDJjBA==',
    ),
    publisher: 'jagreehal',
    official: false,
    state: 'none',
    releasedOn: '2026-09-07',
    hosts: [
      '${TEMPO_BASE_URL}',
      '${JAEGER_BASE_URL}',
      '${PROMETHEUS_BASE_URL}',
      '${LOKI_BASE_URL}',
    ],
    environment: [
      takes('TEMPO_BASE_URL', 'Address of Tempo', { isEndpoint: true }),
      takes('JAEGER_BASE_URL', 'Address of Jaeger', { isEndpoint: true }),
      takes('PROMETHEUS_BASE_URL', 'Address of Prometheus', { isEndpoint: true }),
      needs('LOKI_BASE_URL', 'Address of Loki', { isEndpoint: true }),
    ],
    looks: [
      look({
        keywords: ['opentelemetry'],
        tool: 'backend_health',
        why: 'tells which of the backends answer',
      }),
    ],
  },
];
