import { look, needs, needsSecret, npm, pypi, sets, type Description } from './describe';

/** Metrics, logs, traces and errors that a service keeps. */
export const observabilityServices: readonly Description[] = [
  {
    name: 'datadog',
    title: 'Datadog',
    purpose: 'Reads Datadog: incidents, monitors, logs, metrics, traces and hosts.',
    keywords: ['datadog', 'metrics', 'monitor', 'apm', 'logs', 'traces'],
    categories: null,
    program: npm(
      '@winor30/mcp-server-datadog',
      '1.8.0',
      'sha512-h6HySYW/q2YdzNdrUc7aOaRoaer4oYrDuy0QRQEZkzgfGey+Dmot2IeYI25jYaR4bu0fKoZbIx6UVmfIMF5Pcw==',
    ),
    publisher: 'winor30',
    official: false,
    state: 'none',
    releasedOn: '2026-07-17',
    hosts: ['api.${DATADOG_SITE}:443'],
    environment: [
      needsSecret('DATADOG_API_KEY', 'API key'),
      needsSecret('DATADOG_APP_KEY', 'Application key; one that may only read is best'),
      sets('DATADOG_SITE', 'datadoghq.com', 'Site of the account'),
    ],
    looks: [
      look({
        keywords: ['datadog'],
        tool: 'get_monitors',
        why: 'tells which monitors alert',
      }),
    ],
  },
  {
    name: 'sentry',
    title: 'Sentry',
    purpose: 'Searches the errors that Sentry collected: issues, events, stack traces, releases.',
    keywords: ['sentry', 'exception', 'error', 'stacktrace', 'issue', 'release'],
    categories: ['unhandled-exception', 'dependency-missing'],
    program: npm(
      '@sentry/mcp-server',
      '0.39.0',
      'sha512-sJzFkzka+1wkrCk+v/uWvl3lB0Kcu6Mb/jxlnOZyifJKhTpWv1gF6pJEmAGmf19s2f0ARAw6CsDaYuhGN+I4bw==',
    ),
    args: ['--skills=inspect'],
    publisher: 'Sentry',
    official: true,
    state: 'none',
    releasedOn: '2026-08-28',
    hosts: ['${SENTRY_HOST}:443'],
    environment: [
      needsSecret('SENTRY_ACCESS_TOKEN', 'Token of a user that may only read'),
      sets('SENTRY_HOST', 'sentry.io', 'Host of Sentry'),
    ],
    looks: [
      look({
        keywords: ['sentry'],
        tool: 'find_organizations',
        why: 'tells whether Sentry answers, and for whom',
      }),
    ],
  },
  {
    name: 'newrelic',
    title: 'New Relic',
    purpose: 'Reads New Relic: NRQL queries, applications, alerts and incidents.',
    keywords: ['newrelic', 'nrql', 'apm', 'metrics', 'alert'],
    categories: null,
    program: pypi(
      'newrelic-mcp-server',
      '1.3.1',
      'sha256-HKBrehRTbqXF/id2RYgqtpQJ5xKf/HoyOdwoCb8h8dg= sha256-2D5gnzQKudLwTSu+WPWhMvq/G47uANxekHLcUrOAt9o=',
    ),
    publisher: 'piekstra',
    official: false,
    state: 'none',
    releasedOn: '2026-01-01',
    hosts: ['api.newrelic.com:443'],
    environment: [
      needsSecret('NEWRELIC_API_KEY', 'User key'),
      needs('NEWRELIC_ACCOUNT_ID', 'Number of the account'),
      sets('NEWRELIC_REGION', 'US', 'US or EU'),
    ],
  },
  {
    name: 'dynatrace',
    title: 'Dynatrace',
    purpose:
      'Reads Dynatrace: problems, vulnerabilities, entities, Kubernetes events, logs by DQL.',
    keywords: ['dynatrace', 'davis', 'dql', 'problem', 'apm', 'metrics'],
    categories: null,
    program: npm(
      '@dynatrace-oss/dynatrace-mcp-server',
      '2.1.2',
      'sha512-eW1N4ykoVNUcIaIR4nL5oFAeClN9h/oEpb7XS5LUUcyt4xNe2EUU/5OxFYWYxb3904ApzYE1zOaCQcdQ/iltcA==',
    ),
    publisher: 'Dynatrace',
    official: true,
    state: 'none',
    releasedOn: '2026-09-14',
    hosts: ['${DT_ENVIRONMENT}', 'sso.dynatrace.com:443'],
    environment: [
      needs('DT_ENVIRONMENT', 'Address of the environment: https://abc12345.apps.dynatrace.com', {
        isEndpoint: true,
      }),
      needsSecret('DT_PLATFORM_TOKEN', 'Platform token'),
      sets('DT_MCP_DISABLE_TELEMETRY', 'true', 'Whether it keeps its use to itself'),
    ],
    looks: [
      look({
        keywords: ['dynatrace'],
        tool: 'list_problems',
        why: 'tells which problems are open',
      }),
    ],
  },
  {
    name: 'gcp-observability',
    title: 'Google Cloud Observability',
    purpose: 'Reads Cloud Logging, Monitoring, Trace and Error Reporting of Google Cloud.',
    keywords: ['gcp', 'google', 'stackdriver', 'logging', 'monitoring', 'trace', 'gke'],
    categories: null,
    program: npm(
      '@google-cloud/observability-mcp',
      '0.2.3',
      'sha512-Pn7JNA2PF168jUp196Jj9xwSdTtfcIu43Cqeaxh2O4oLMBAcjjK45K6zWvimWBOMuifJaUvtoSt+cLnZIdYpgw==',
    ),
    publisher: 'Google Cloud',
    official: true,
    state: 'none',
    releasedOn: '2026-07-15',
    hosts: [
      'logging.googleapis.com:443',
      'monitoring.googleapis.com:443',
      'cloudtrace.googleapis.com:443',
      'oauth2.googleapis.com:443',
    ],
    environment: [
      needsSecret('GOOGLE_APPLICATION_CREDENTIALS', 'Key of a service account that may only read', {
        isFile: true,
      }),
    ],
  },
];
