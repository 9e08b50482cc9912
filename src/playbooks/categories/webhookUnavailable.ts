import { askEvents, recentEvents, who } from '../commands';
import { fact, symptom, type Playbook } from '../playbook';

/** How the call failed, told by its words. */
const mechanisms: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'connection-refused'],
  [/no endpoints available/i, 'no-endpoints'],
  [/x509|certificate/i, 'tls'],
  [/no such host/i, 'dns-failure'],
  [/deadline exceeded|timeout|timed out/i, 'connection-timeout'],
  [/service "[^"]*" not found/i, 'service-missing'],
];

const mechanismIn = (message: string): string =>
  mechanisms.find(([words]) => words.test(message))?.[1] ?? 'failed';

const webhook = /(?:calling|call) (?:conversion )?webhook \\*"([\w.-]+)/i;

export const webhookUnavailable: Playbook = {
  category: 'webhook-unavailable',
  layer: 'origin',
  severity: 'critical',
  signals: [
    fact(/failed calling webhook \\*"(?<webhook>[\w.-]+)/i, {
      weight: 0.95,
      refine: ({ line }) => ({ mechanism: mechanismIn(line.message) }),
    }),
    fact(/failed to call webhook: /i, {
      refine: ({ line }) => ({ mechanism: mechanismIn(line.message) }),
    }),
    fact(/conversion webhook for \S{1,120}(?: Kind=\w{1,80})? failed/i, {
      refine: ({ line }) => ({ mechanism: mechanismIn(line.message) }),
    }),
    symptom(/Failed calling webhook, failing (?:open|closed)/i, { weight: 0.7 }),
  ],
  keywords: ['kubernetes', 'admission', 'webhook'],
  summary: (situation) => {
    const name = webhook.exec(situation.proof)?.[1];
    return `${who(situation)} cannot be created or changed, because the admission webhook${name ? ` ${name}` : ''} that must agree does not answer.`;
  },
  questions: (situation) => askEvents(situation, 'shows how the call of the webhook fails'),
  collect: (situation) => [
    'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
    recentEvents(situation),
  ],
  advice: () => ({
    summary:
      'Bring the service behind the webhook back: its pods, its endpoints and its certificate. Where it is gone for good, remove its webhook configuration; a failure policy is not loosened here.',
    commands: [
      {
        title: 'See the webhooks and their services',
        command:
          "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o custom-columns='NAME:.metadata.name,SERVICE:.webhooks[*].clientConfig.service.name,NAMESPACE:.webhooks[*].clientConfig.service.namespace,POLICY:.webhooks[*].failurePolicy'",
      },
      { title: 'See who serves', command: 'kubectl get endpointslices -A' },
    ],
  }),
};
