import { askDescribe, askEvents, who } from '../commands';
import { fact, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { ofImage, pullCollect, pullLooks, registryOf } from './imagePull';

/** Keeps what speaks of an image, with the way in which the registry failed. */
const failed =
  (mechanism: string) =>
  (match: Match): Refinement | null => {
    const about = ofImage(match);
    return about && { ...about, mechanism };
  };

export const imageRegistryUnreachable: Playbook = {
  category: 'image-registry-unreachable',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\/v2\/.*(?:connect: )?connection refused/i, { refine: failed('connection-refused') }),
    fact(/\/v2\/.*(?:no such host|server misbehaving|Temporary failure in name resolution)/i, {
      refine: failed('dns-failure'),
    }),
    fact(/\/v2\/.*dial tcp\b.{0,200}(?:i\/o timeout|connection timed out|operation timed out)/i, {
      refine: failed('connection-timeout'),
    }),
    fact(/\/v2\/.*request canceled while waiting for connection/i, {
      refine: failed('connection-timeout'),
    }),
    fact(/\/v2\/.*(?:no route to host|network is unreachable)/i, {
      refine: failed('connection-refused'),
    }),
    fact(/\/v2\/.*(?:connection reset by peer|"?: EOF\b)/i, { refine: failed('connection-reset') }),
    fact(/pinging container registry \S+ .*(?:dial tcp|EOF|timeout|reset by peer)/i),
    fact(/server gave HTTP response to HTTPS client/i, { refine: failed('tls') }),
    fact(
      /(?:unexpected status (?:code )?.*|received unexpected HTTP status: |error parsing HTTP |httpReadSeeker.*|\/v2\/.*)\b50[0234] (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
      { refine: failed('upstream-5xx') },
    ),
    fact(
      /(?:(?:^|[^/])pull|ErrImagePull|resolve reference|copy:|httpReadSeeker).*dial tcp .{0,200}(?:connection refused|no such host|i\/o timeout|no route to host|network is unreachable)/i,
      { refine: ofImage },
    ),
    // The client could not check who answers: whose certificate it is decides, where that is told.
    symptom(/\/v2\/.*(?:x509|certificate)/i, { weight: 0.55, refine: failed('tls') }),
    symptom(/Back-off pulling image|\bErrImagePull\b|\bImagePullBackOff\b/i, { weight: 0.2 }),
    fact(/\bpulling from host \S{1,120} failed with status code \[[^\]\n]{1,80}\]: 5\d\d\b/i, {
      mechanism: 'upstream-5xx',
    }),
  ],
  recovery: [/Successfully pulled image/i],
  keywords: ['kubernetes', 'image', 'registry', 'network'],
  summary: (situation) => {
    const { image } = situation.facts;
    return `${who(situation)} cannot start: ${registryOf(situation)} cannot be reached for the image ${image ?? 'that it names'}.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows how the pull fails'),
    ...askEvents(situation, 'shows whether other images of this registry fail too'),
  ],
  collect: pullCollect,
  advice: (situation) => ({
    summary:
      'Check that the nodes reach the registry: its name, port, proxy and firewall, and whether it is up. Whether other images of it fail on the same node tells which side is at fault.',
    commands: [
      ...pullLooks(situation),
      {
        title: 'Ask the registry (on the node)',
        command: `curl -sS -o /dev/null -w '%{http_code}\\n' https://${situation.facts.host ?? '<registry>'}/v2/`,
      },
    ],
  }),
};
