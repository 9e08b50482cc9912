import { look, needs, npm, pypi, sets, takes, takesSecret, type Description } from './describe';

/** Message brokers. */
export const messagingServers: readonly Description[] = [
  {
    name: 'kafka',
    title: 'Apache Kafka',
    purpose:
      'Reads the health of a Kafka cluster: brokers, partitions, consumer groups and their lag.',
    keywords: ['kafka', 'broker', 'consumer', 'lag', 'topic', 'partition', 'messaging'],
    categories: null,
    program: pypi(
      'kafka-sentinel-mcp',
      '0.1.5',
      'sha256-WQXjyB7MaQ+iTo7wh1UoVJjLCq3oTzQrsY+JraA+dHQ= sha256-a1Ds+FPIT3J8fzavG9qMU2r3OeL6mNtSrjmnW53vHj4=',
    ),
    publisher: 'sanjay-amu',
    official: false,
    state: 'none',
    releasedOn: '2026-07-01',
    hosts: ['${KAFKA_BOOTSTRAP}'],
    environment: [
      needs('KAFKA_BOOTSTRAP', 'Brokers: host:9092, several with commas', { isEndpoint: true }),
    ],
    looks: [
      look({
        keywords: ['kafka'],
        tool: 'cluster_health',
        why: 'tells whether the brokers answer, and which partitions have too few replicas',
        cites: ['"(brokers|under_replicated_partitions|offline_partitions)":'],
      }),
      look({
        keywords: ['kafka'],
        tool: 'list_consumer_groups',
        why: 'tells which consumer groups there are and their state',
      }),
    ],
  },
  {
    name: 'confluent',
    title: 'Confluent: Kafka, Flink, connectors',
    purpose:
      'Reads and changes Confluent Cloud and Kafka clusters: topics, consumers, connectors, Flink.',
    keywords: ['kafka', 'confluent', 'flink', 'connector', 'schema-registry'],
    categories: null,
    program: npm(
      '@confluentinc/mcp-confluent',
      '1.5.0',
      'sha512-ED6stew5XKrlsuJNPphpRUlPe3V6CgTEHP++gFT5zoQJWDXFKWU+26dwVKzVKi590lir9N3vnevNTwY0VkH5ZA==',
    ),
    publisher: 'Confluent',
    official: true,
    state: 'session',
    releasedOn: '2026-09-23',
    hosts: ['${BOOTSTRAP_SERVERS}'],
    environment: [
      needs('BOOTSTRAP_SERVERS', 'Brokers: host:9092, several with commas', { isEndpoint: true }),
      takesSecret('KAFKA_API_SECRET', 'Secret of the API key'),
      takes('KAFKA_API_KEY', 'API key'),
      sets('DO_NOT_TRACK', 'true', 'Whether it keeps its use to itself'),
    ],
    needsBuild: true,
  },
  {
    name: 'rabbitmq',
    title: 'RabbitMQ',
    purpose: 'Reads RabbitMQ brokers: nodes, alarms, queues and their depth, connections.',
    keywords: ['rabbitmq', 'amqp', 'broker', 'queue', 'messaging'],
    categories: null,
    program: pypi(
      'amq-mcp-server-rabbitmq',
      '4.0.0',
      'sha256-Ua33cHcFWypi97jCpaABwHhw/PoeOHtjfJjpmzi3pGg= sha256-XXAaHHZj4XRc1cdh9MHwB9YR93w0xGdraHHdDhvJwvs=',
    ),
    args: ['--v4'],
    publisher: 'Amazon MQ',
    official: false,
    // The broker and its credentials are given by a call, and kept.
    state: 'session',
    releasedOn: '2026-07-01',
    hosts: ['${RABBITMQ_URL}'],
    environment: [
      takes('RABBITMQ_URL', 'Address of the broker, for the network that it may reach', {
        isEndpoint: true,
      }),
    ],
  },
];
