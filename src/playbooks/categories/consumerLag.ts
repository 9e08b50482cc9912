import { appName, askServiceLogs, currentLogs, place, who } from '../commands';
import { seen } from '../inspected';
import {
  proof,
  symptom,
  type Finding,
  type Match,
  type Playbook,
  type Refinement,
} from '../playbook';
import type { Picture } from '../read/picture';
import { risingBacklogs } from './risingBacklogs';

/** From so many waiting messages on a lag is no passing one. */
const large = 1000;

function largeLag({ groups }: Match): Refinement | null {
  return Number((groups.lag ?? '').replaceAll(',', '')) >= large ? {} : null;
}

export const consumerLag: Playbook = {
  category: 'consumer-lag',
  layer: 'probe',
  severity: 'high',
  signals: [
    proof(/\bqueue=\S{1,60} size=(?<lag>\d+) latency=\d{3,}s\b/, { weight: 0.75 }), // Sidekiq
    proof(/failed to write data into buffer by buffer overflow/i, { weight: 0.8 }),
    proof(/timed out waiting for a consumer acknowledgement of a delivery/i, { weight: 0.85 }),
    proof(/delivery acknowledgement on channel \d+ timed out/i, { weight: 0.75 }),
    proof(/\bpaused \((?:mem buf|storage buf) overlimit/i, { weight: 0.75, calm: true }),
    proof(/"max_?lag"\s*:\s*"?(?<lag>\d{4,})/i, {
      refine: largeLag,
      weight: 0.7,
      calm: true,
    }),
    proof(/\bqueue latency of \d{3,}s\b|backlog quota exceeded/i, { weight: 0.75 }),
    proof(
      /\b(?:consumer[_ -]?(?:group[_ -]?)?|records?[_ -])lag(?:[_ -]max)?\b["' a-z]{0,20}[=:]? ?(?<lag>\d[\d,]*)/i,
      { refine: largeLag, weight: 0.75 },
    ),
    proof(/"(?:total_?lag|current_lag|msgBacklog)" ?: ?(?<lag>\d{4,})/i, {
      refine: largeLag,
      weight: 0.65,
    }),
    proof(
      /\boldest un(?:ack(?:nowledged|ed)?|consumed|processed) message (?:is|was) (?:\d{2,} min|\d{3,} ?s|\d+ (?:hours?|days?))/i,
      {
        weight: 0.6,
        calm: true,
      },
    ),
    proof(/\blag(?:ging)?(?: is| of| by| behind(?: by)?)?["']?[=: ]+(?<lag>\d{4,})/i, {
      refine: largeLag,
      weight: 0.7,
      unless: /replica|replication|event ?loop|wal/i,
    }),
    proof(
      /(?:Kafka)?Consumer(?:Group)?Lag(?:High|TooHigh|Critical|Growing)?\b[^\n]*(?:firing|above|exceeds|threshold)/i,
      { weight: 0.75 },
    ),
    proof(
      /consumer poll timeout has expired|exceeded max\.poll\.interval\.ms|Application maximum poll interval \(\d+ms\) exceeded|MAXPOLL\b|poll\(\) was longer than the configured max\.poll\.interval/i,
      { weight: 0.75 },
    ),
    proof(
      /CommitFailedException|Commit cannot be completed since the group has already rebalanced/i,
      { weight: 0.7 },
    ),
    proof(
      /(?:queue|stream|topic|backlog)\b[^\n]{0,60}\b(?:messages_ready|messages ready|depth|backlog|pending|ApproximateNumberOfMessages\w*|num_pending)["']?[=: ]+(?<lag>\d[\d,]*)/i,
      { refine: largeLag, weight: 0.65 },
    ),
    proof(
      /\b(?:ApproximateNumberOfMessages\w*|num_undelivered_messages|num_pending|messages_ready|queue[_ ](?:depth|length|backlog))["']?(?: is| of)?[=: ]+(?<lag>\d[\d,]*)/i,
      { refine: largeLag, weight: 0.65 },
    ),
    proof(
      /(?:consumers?|workers?) (?:are |is )?(?:falling|lagging) behind|slow consumer(?: detected)?/i,
      { weight: 0.7, calm: true },
    ),
    symptom(
      /(?:Attempt to heartbeat failed|group is rebalancing|Rebalance in progress|Delivery acknowledgement on channel \d+ timed out)/i,
      { weight: 0.4 },
    ),
    proof(/PRECONDITION_FAILED - delivery acknowledgement on channel \d+ timed out/i, {
      weight: 0.65,
    }),
    proof(
      /Maximum application poll interval \(max\.poll\.interval\.ms\) exceeded|\bHeartbeat poll expired, leaving group\b/i,
      { weight: 0.8 },
    ),
    proof(/consumer is not part of an active group for auto partition assignment/i, {
      weight: 0.7,
    }),
    // Readers that fell so far behind that what they want is gone: MongoDB, Kinesis, Tokio
    proof(/\bChangeStreamHistoryLost\b|the resume point may no longer be in the oplog/i, {
      weight: 0.8,
    }),
    proof(/\bExpiredIteratorException\b|\bchannel lagged by \d+/i, { weight: 0.7 }),
    // Pulsar, Spark, the alarms of a cloud and of Prometheus
    proof(
      /\bBacklog quota type \w{1,40} exceeded for topic|\bCurrent batch is falling behind\. The trigger interval is\b/i,
      { weight: 0.75, calm: true },
    ),
    proof(
      /Threshold Crossed: [^\n]{0,120}\bApproximateAgeOfOldestMessage\b|\[FIRING:\d+\][^\n]{0,120}consumer_?group_?lag/i,
      { weight: 0.75 },
    ),
  ],
  inspect: (picture, { lines }) => [...backlogs(picture), ...risingBacklogs(lines)],
  recovery: [/caught up|lag (?:is )?(?:back to )?(?:normal|0)\b/i],
  keywords: ['messaging', 'lag'],
  summary: (situation) => {
    const { lag, topic, consumerGroup } = situation.facts;
    return `The consumers${consumerGroup ? ` of ${consumerGroup}` : ` of ${who(situation)}`} take messages${topic ? ` of ${topic}` : ''} more slowly than they come${lag ? `; ${lag} wait` : ''}.`;
  },
  questions: (situation) => askServiceLogs(situation, 'shows what a consumer spends its time on'),
  collect: (situation) => [
    groups(situation.facts.consumerGroup, place(situation)),
    currentLogs(situation),
    `kubectl get deployment ${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'See why one message takes so long: a slow peer, a message that fails again and again, or simply too few consumers. More replicas help only up to the number of partitions; fewer messages a poll keep a slow consumer in its group.',
    commands: [
      {
        title: 'See the lag by partition',
        command: groups(situation.facts.consumerGroup, place(situation)),
      },
      { title: 'See what the consumers do', command: currentLogs(situation) },
    ],
  }),
};

function groups(group = '<group>', where: string): string {
  return `kubectl exec <broker>${where} -- kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group ${group}`;
}

/** What a broker's tools list: each group and topic is a witness of its own. */
function backlogs({ backlogs: listed }: Picture): Finding[] {
  return listed
    .filter(({ waiting }) => waiting >= large)
    .toSorted((left, right) => right.waiting - left.waiting)
    .map(({ group, topic, waiting, citation }) =>
      seen('consumer-lag', `${group ?? ''} ${topic}`, citation, {
        weight: 0.85,
        facts: { topic, lag: waiting, ...(group === null ? {} : { consumerGroup: group }) },
      }),
    );
}
