import { askPods, askServiceLogs, place, servedBy, who } from '../commands';
import { peerName } from '../peers';
import { proof, symptom, type Playbook } from '../playbook';
import { how, workload } from './databaseUnavailable';

/** The broker answered: what it says is another fault than being away. */
const answered =
  /ACCESS_REFUSED|authentication failed|not authori[sz]ed|Authorization Violation|AuthorizationException|TOPIC_AUTHORIZATION|SASL|certificate|NOT_ENOUGH_REPLICAS|bad user ?name/i;
const direct = { unless: answered, weight: 0.85 };

export const brokerUnavailable: Playbook = {
  category: 'broker-unavailable',
  layer: 'peer',
  severity: 'critical',
  signals: [
    proof(
      /\bhome node '[^']{1,200}' of durable queue '[^']{1,200}' in vhost '[^']{1,80}' is down/i,
      {
        weight: 0.9,
      },
    ),
    proof(
      /Connection to node -?\d+ \((?<host>[\w.-]+)(?:\/[\d.]*)?:(?<port>\d+)\) could not be established/i,
      direct,
    ),
    proof(/Bootstrap broker (?<host>[\w.-]+):(?<port>\d+) \([^)]*\) disconnected/i, direct),
    proof(
      /(?<host>[\w.-]{1,253}):(?<port>\d+)\/(?:bootstrap|\d+): (?:Connect to [^\n]* failed|Failed to resolve)/i,
      direct,
    ),
    proof(
      /\b\d+\/\d+ brokers are down|ALL_BROKERS_DOWN|_ALL_BROKERS_DOWN|Local: (?:Broker transport failure|All broker connections are down)/i,
      direct,
    ),
    proof(
      /NoBrokersAvailable|KafkaConnectionError|KafkaJSConnectionError|KafkaJSNumberOfRetriesExceeded|KafkaTimeoutError|BrokerNotAvailable/i,
      direct,
    ),
    proof(
      /kafka: client has run out of available brokers|Failed to (?:construct|update metadata|get metadata)[^\n]*(?:kafka|bootstrap|after \d+)|No resolvable bootstrap urls/i,
      direct,
    ),
    proof(
      /Topic \S+ not present in metadata after \d+ ms|Timed out waiting for a node assignment|Failed to update metadata after/i,
      { ...direct, weight: 0.75 },
    ),
    proof(
      /AMQPConnectionError|AmqpConnectException|AMQPConnectException|pika\.exceptions\.\w*Connect\w*|Bunny::TCPConnectionFailed|BrokerUnreachableException|None of the specified endpoints were reachable|AMQPConnectionClosed|AMQPIOException/i,
      direct,
    ),
    proof(
      /(?:consumer|celery|kombu)[^\n]{0,60}Cannot connect to (?:amqps?|pyamqp|kafka):\/\/(?:[^@\s]*@)?(?<host>[\w.-]+):(?<port>\d+)/i,
      direct,
    ),
    proof(
      /(?:memory|disk) resource limit alarm (?:set|is set)|Publishers will be blocked until this alarm clears/i,
      { weight: 0.85, calm: true },
    ),
    proof(/Exception \(50[14]\) Reason: ["'][^"']*(?:dial|connection|EOF)/i, direct),
    proof(
      /nats: (?:no servers available for connection|connection closed|timeout connecting)|NatsError: (?:CONNECTION_REFUSED|Could not connect)|NoServersError/i,
      direct,
    ),
    proof(
      /(?:mqtt|mosquitto|paho)\b[^\n]{0,80}(?:connection (?:refused|lost|failed|timed out)|cannot connect|server unavailable|unable to connect)|Connection Refused: broker unavailable/i,
      direct,
    ),
    proof(
      /Could not connect to broker URL|Failover transport failed to connect|Could not connect to \S*pulsar/i,
      direct,
    ),
    proof(
      /(?:failed|unable|cannot|can't|could not|couldn't|error)(?: \w+){0,3} (?:to )?connect(?:ing|ion)?(?: \w+){0,3} (?:to|with) (?:the )?(?:\w+ )?(?:kafka|rabbitmq|amqp|nats|mqtt|activemq|pulsar|(?:message )?broker)\b/i,
      direct,
    ),
    proof(
      /\b(?:kafka|rabbitmq|amqp|nats|mqtt|activemq|pulsar|message broker|broker)\b[^\n]{0,60}\b(?:connection (?:failed|refused|error|lost|failure|timed out)|unavailable|unreachable|not reachable|(?:is |went )(?:down|away|offline)|ECONNREFUSED|ENOTFOUND|ETIMEDOUT)/i,
      { ...direct, weight: 0.8 },
    ),
    symptom(
      /Broker may not be available|(?:waiting for|wait for) (?:the )?(?:kafka|rabbitmq|nats|broker)\b/i,
      { weight: 0.45 },
    ),
    // ZooKeeper, which brokers keep their state in
    proof(/ZooKeeperClientTimeoutException|KeeperErrorCode = (?:ConnectionLoss|SessionExpired)/i, {
      ...direct,
      weight: 0.8,
    }),
    proof(/Number of alive brokers '\d+' does not meet|Expected \d+ brokers but found only \d+/i, {
      ...direct,
      weight: 0.8,
    }),
    // RabbitMQ that cannot start without its other nodes
    proof(/timeout_waiting_for_tables|error while waiting for Mnesia tables/i, {
      ...direct,
      weight: 0.8,
    }),
    // RabbitMQ's own tools, its Java and Node clients
    proof(/\bConnection Failed: rabbitmqs?:\/\/(?<host>[\w.-]+)/i, direct),
    proof(/\bunable to perform an operation on node '[^']{1,200}'/i, { ...direct, weight: 0.75 }),
    proof(
      /AlreadyClosedException: connection is already closed due to connection error|\bMissedHeartbeatException\b/i,
      { ...direct, weight: 0.8 },
    ),
    proof(/\bCONNECTION_FORCED - (?:Node was put into maintenance|broker forced connection)/i, {
      ...direct,
      weight: 0.7,
    }),
    // IBM MQ, Solace, Artemis, Azure Service Bus
    proof(
      /\bJMSWMQ0018\b|\bMQRC_(?:HOST_NOT_AVAILABLE|Q_MGR_NOT_AVAILABLE|CONNECTION_BROKEN|Q_MGR_QUIESCING)\b/i,
      direct,
    ),
    proof(/\bJCSMPTransportException\b|Error communicating with the router/i, direct),
    proof(
      /\bAMQ219007\b|Cannot connect to server\(s\)\. Tried with all available servers/i,
      direct,
    ),
    proof(/\bServiceCommunicationProblem\b/i, { ...direct, weight: 0.8 }),
    // What is built on Kafka, and its clients
    proof(
      /\bLocal: (?:Message timed out|Host resolution failure)|Failed to connect to and describe Kafka cluster|Could not connect to any of the seed brokers|Error initializing kafka store while initializing schema registry/i,
      direct,
    ),
    proof(
      /Creation of (?:database|schema) history topic failed|Could not create internal topics within \d+ milliseconds/i,
      { ...direct, weight: 0.75 },
    ),
    proof(/Expiring \d+ record\(s\) for \S{1,300} ?\d+ ms has passed since/i, {
      ...direct,
      weight: 0.75,
    }),
    proof(/\bCoordinatorNotAvailableException\b|\[5\] Leader Not Available: /i, {
      ...direct,
      weight: 0.6,
    }),
    // RocketMQ, Pulsar
    proof(
      /\bRemotingConnectException: connect to (?:<?(?<host>[\w.-]{1,253}))?(?::(?<port>\d+))?/i,
      direct,
    ),
    proof(/Failed to acquire ownership for namespace bundle\b/i, { ...direct, weight: 0.7 }),
  ],
  recovery: [
    /\bcreated topic\b|\ball acknowledged\b/i,
    /\bConsumer has joined the group\b/i,
    /(?:kafka|rabbitmq|amqp|nats|mqtt|broker)\b.{0,40}\b(?:re-?connected|connected|connection (?:re-?)?(?:established|restored|ok)|is (?:ready|up|healthy|available|reachable)|recovered)/i,
    /(?:re-?connected|connected|connection (?:re-?)?established)(?: successfully)?(?: \w+){0,3} to (?:the )?\S*(?:kafka|rabbit|amqp|nats|mqtt|broker)/i,
    /Session establishment complete|Successfully joined group|Reconnected to/i,
  ],
  keywords: ['messaging', 'broker'],
  summary: (situation) => {
    const { host, port } = situation.facts;
    const name = peerName(situation.proof, 'broker');
    const where = host ? ` at ${host}${port ? `:${port}` : ''}` : '';
    return `${who(situation)} cannot reach its message broker${name === 'broker' ? '' : ` (${name})`}${where}${how(situation.mechanism)}.`;
  },
  questions: (situation) => [
    ...askPods(situation, 'shows whether the broker runs'),
    ...askServiceLogs(situation, 'shows why the broker does not answer', situation.facts.host),
  ],
  collect: (situation) => [
    servedBy(situation),
    `kubectl logs ${workload(situation.facts.host, '<broker>')}${place(situation)} --tail=100`,
  ],
  advice: (situation) => ({
    summary:
      'Bring the broker back: see whether it runs and why it stopped. If it runs, compare the address that the client uses with the one that the broker advertises (advertised.listeners).',
    commands: [
      { title: 'See whether it runs and who serves its name', command: servedBy(situation) },
      {
        title: 'See its last words',
        command: `kubectl logs ${workload(situation.facts.host, '<broker>')}${place(situation)} --tail=100`,
      },
    ],
  }),
};
