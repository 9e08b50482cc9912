import { askPods, askServiceLogs, place, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** Redis is a cache, unless those who use it speak of what one hands to a broker. */
function queued({ line, before, after }: Match): Refinement | null {
  const work =
    /\b(?:queued?|enqueue\w*|jobs?|streams?|consumers?|publish\w*|x(?:add|readgroup))\b/i;
  return [...before, line, ...after].some((it) => work.test(it.message)) ? {} : null;
}

export const brokerPartitioned: Playbook = {
  category: 'broker-partitioned',
  layer: 'service',
  severity: 'critical',
  signals: [
    proof(/\bI am part of a minority partition\b/i, { weight: 0.95 }),
    proof(/\bserving \/health false; no leader\b/i, { weight: 0.8, calm: true }),
    // Redis Sentinel, Consul, Kafka's own quorum, BookKeeper
    proof(/-failover-abort-not-elected\b|\bNOQUORUM\b/, {
      weight: 0.85,
    }),
    proof(/\bNo cluster leader\b|Election (?:timeout reached, restarting|has timed out)/i, {
      weight: 0.75,
      calm: true,
    }),
    proof(/Did not receive fetch request from the majority of the voters/i, {
      weight: 0.85,
      calm: true,
    }),
    proof(/Not enough (?:non-faulty )?bookies/i, { weight: 0.85 }),
    proof(
      /Mnesia\S* (?:\S+ ){0,4}running_partitioned_network|Mnesia reported that this RabbitMQ cluster has experienced a network partition/i,
      { weight: 0.95 },
    ),
    proof(/inconsistent_database, (?:running|starting)_partitioned_network/i, { weight: 0.95 }),
    proof(
      /Partial partition detected|Network partition(?:s)? (?:has been |was |were )?detected|Cluster (?:minority|partition)[\w/]* status detected|partition_handling[^\n]*pausing/i,
      { weight: 0.9 },
    ),
    proof(
      /Not enough in-?sync replicas|NotEnoughReplicas(?:AfterAppend)?(?:Exception|Error)?|NOT_ENOUGH_REPLICAS|number of insync replicas [^\n]*(?:less|lower|fewer)|insufficient to satisfy the min\.isr/i,
      { weight: 0.85 },
    ),
    proof(/\bNode [^\s@]+@\S+ cannot communicate with [^\s@]+@\S/i, { weight: 0.9 }),
    proof(/\bTopic: \S+\s+Partition: \d+\s+Leader: (?:none|-1)\b/i, { weight: 0.85 }),
    proof(/\bsplit[- ]brain\b/i, {
      weight: 0.8,
      unless: /resolver|protection|prevent|avoid|enabled/i,
    }),
    proof(
      /JetStream (?:cluster )?(?:has )?no (?:meta )?(?:leader|quorum)|JetStream cluster (?:stream|consumer) [^\n]*(?:NO quorum|has no quorum)|Cluster (?:stream|consumer)[^\n]*stalled/i,
      { weight: 0.85 },
    ),
    proof(
      /Resigned(?: as controller)?[^\n]*(?:epoch|quorum)|(?:lost|no|without) (?:controller )?quorum\b|quorum (?:was )?lost|LEADER_NOT_AVAILABLE|There is no leader for this topic-partition|LeaderNotAvailable/i,
      { weight: 0.6, unless: /etcd|creating topic|auto.?creat|replica unavailable/i },
    ),
    proof(/\bCLUSTERDOWN\b|Cluster\s?Down(?:Error|Exception)|The cluster is down\b/i, {
      weight: 0.85,
      refine: queued,
    }),
    symptom(/Cluster state changed: fail|Marking node \w+ as failing \(quorum reached\)/i, {
      weight: 0.45,
    }),
    symptom(
      /Shrinking ISR from|UnderReplicatedPartitions["' ]*[:=] ?[1-9]|OfflinePartitionsCount["' ]*[:=] ?[1-9]/i,
      { weight: 0.45 },
    ),
    symptom(
      /node ["']?[^\s@]+@\S+ (?:down: net_tick_timeout|not responding)|rabbit on node \S+ down/i,
      { weight: 0.45 },
    ),
    // EMQX, Hazelcast, RabbitMQ after a partition and without its majority
    proof(
      /\bCore cluster partition\b|\bcontext: (?:running|starting)_partitioned_network|\bSplitBrainProtectionException\b/i,
      { weight: 0.85 },
    ),
    proof(/\bAutoheal request sent to \S|\{error, ?cluster_minority\}/i, {
      weight: 0.8,
      calm: true,
    }),
    // Kafka's controller; NATS without the leader that knows of its streams
    proof(/\bStateChangeFailedException: Failed to elect leader for partition\b/i, {
      weight: 0.8,
    }),
    proof(
      /JetStream cluster no metadata leader|JetStream has not established contact with a meta leader/i,
      { weight: 0.75, calm: true },
    ),
  ],
  recovery: [
    /\bcreated topic\b/i,
    /\bConsumer has joined the group\b/i,
    /Expanding ISR from|partition (?:is )?healed|cluster (?:is )?(?:whole|healthy) again|New leader elected|\belection won\b|leadership acquired|\+switch-master\b|JetStream cluster new (?:metadata|stream|consumer) leader/i,
  ],
  keywords: ['messaging', 'broker'],
  summary: (situation) =>
    `The nodes of the message broker that ${who(situation)} uses do not see each other: the cluster is split or has too few replicas in step, so it refuses to go on.`,
  questions: (situation) => [
    ...askPods(situation, 'shows which brokers run, and on which nodes'),
    ...askServiceLogs(situation, 'shows since when they lost each other', situation.facts.host),
  ],
  collect: (situation) => [
    `kubectl get pods${place(situation)} -o wide`,
    `kubectl exec <broker>${place(situation)} -- rabbitmqctl cluster_status`,
    `kubectl exec <broker>${place(situation)} -- kafka-topics.sh --bootstrap-server localhost:9092 --describe --under-replicated-partitions`,
  ],
  advice: (situation) => ({
    summary:
      'Bring the missing nodes and the network between them back first. With RabbitMQ choose the side to trust and restart the nodes of the other; with Kafka wait until the replicas are in step again, and never lower min.insync.replicas to get going.',
    commands: [
      {
        title: 'See which brokers run, and where',
        command: `kubectl get pods${place(situation)} -o wide`,
      },
      {
        title: 'RabbitMQ: who sees whom',
        command: `kubectl exec <broker>${place(situation)} -- rabbitmqctl cluster_status`,
      },
    ],
  }),
};
