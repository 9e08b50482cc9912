import { askServiceLogs, peerAt, place, appName, currentLogs, who } from '../commands';
import { answeredWith } from '../httpStatus';
import { proof, symptom, type Playbook } from '../playbook';

/** Image pulls have a playbook of their own; Kubernetes' client slows itself down. */
const elsewhere =
  /toomanyrequests: |mapped exception|pull rate limit|failed to pull|ErrImagePull|client-side throttling|CPU|memory|limiting requests/i;
const sure = { unless: elsewhere, weight: 0.85 };

export const rateLimited: Playbook = {
  category: 'rate-limited',
  layer: 'service',
  severity: 'medium',
  signals: [
    proof(/HTTP\/[\d.]+" 429 RL\b|\brequest_rate_limited\b/, { weight: 0.75 }), // Envoy
    proof(/acme:error:rateLimited|too many certificates (?:\(\d+\) )?already issued/i, sure),
    ...answeredWith('429', sure),
    proof(
      /HttpClientErrorException\$TooManyRequests|FeignException\$TooManyRequests|Faraday::TooManyRequestsError|RestClient::TooManyRequests|RateLimitError\b|RateLimitExceeded|RateLimitException/i,
      sure,
    ),
    proof(
      /\b(?:returned|responded|answered|replied|failed|rejected|got)(?: with)?(?: (?:an?|HTTP|status|code|error))*:? (?<statusCode>429)\b/i,
      sure,
    ),
    proof(/\b(?<statusCode>429) Too Many Requests\b|\bHTTP(?: status)? (?<statusCode2>429)\b/i, {
      ...sure,
      weight: 0.8,
    }),
    proof(
      /(?:GET|POST|PUT|PATCH|DELETE|HEAD) https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s"']*)?["']?:? [^\n]{0,30}\b(?<statusCode>429)\b/i,
      sure,
    ),
    proof(
      /\b(?:ThrottlingException|Throttling: |ThrottledException|RequestLimitExceeded|TooManyRequestsException|ProvisionedThroughputExceededException|SlowDown\b|RequestThrottled)/i,
      sure,
    ),
    proof(
      /API rate limit exceeded|["']error["']: ?["']ratelimited["']|rate limit (?:was |has been )?(?:exceeded|reached|hit)|(?:exceeded|hit|reached|over)(?: \w+){0,2} rate[- ]limit|you are being rate limited|rate[- ]limited by/i,
      { ...sure, weight: 0.8 },
    ),
    proof(
      /RESOURCE_EXHAUSTED: [^\n]*(?:quota|rate|limit)|code = ResourceExhausted desc = [^\n]*(?:quota|rate|limit)|Quota exceeded for quota metric|rateLimitExceeded|insufficient_quota/i,
      { ...sure, weight: 0.8 },
    ),
    proof(/\b(?:450|451|421|452)[ -]4\.[27]\.\d[^\n]*(?:rate|too many|throttl|limit)/i, sure),
    proof(/too many (?<statusCode>429) error responses/i, sure),
    symptom(/\bRetry-After\b|throttl(?:ed|ing)\b/i, { unless: elsewhere, weight: 0.3 }),
    proof(
      /\b(?:quotaExceeded|userRateLimitExceeded|LimitExceededException|TooManyRequests(?:Error|Exception))\b/i,
      {
        ...sure,
        weight: 0.75,
      },
    ),
    // Azure, Google, AWS, Shopify, Envoy's own limit, Resilience4j's
    proof(
      /\(TooManyRequests\) |\bis being throttled as the limit has been reached|\bbecause the entity is being throttled|\bRequest rate is large\. More Request Units/i,
      { weight: 0.88 },
    ),
    proof(
      /\bResourceExhausted: 429 |\bRate exceeded for shard \S|\bExceeded \d+ calls per second for api client/i,
      { weight: 0.88 },
    ),
    proof(/\blocal_rate_limited\b|\bRateLimiter '[^']{1,80}' does not permit further calls/i, {
      ...sure,
      weight: 0.75,
    }),
  ],
  recovery: [/rate limit (?:was |has been )?(?:reset|lifted)|certificates? obtained for domains/i],
  keywords: ['http', 'rate-limit'],
  summary: (situation) =>
    `${who(situation)} calls ${peerAt(situation, 'another service')} more often than it is allowed to, and is refused for a while.`,
  questions: (situation) => askServiceLogs(situation, 'shows how often it calls, and since when'),
  collect: (situation) => [
    currentLogs(situation),
    `kubectl get deployment ${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Call less: wait as long as Retry-After says with a growing, random pause, keep answers, put calls together, share one limiter over all replicas. Or ask for a higher limit. Retrying at once makes it worse.',
    commands: [
      { title: 'See how often it calls', command: currentLogs(situation) },
      {
        title: 'See how many replicas share the limit',
        command: `kubectl get deployment ${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
