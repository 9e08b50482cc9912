import { askDescribe, who } from '../commands';
import { fact, symptom, type Playbook } from '../playbook';
import { ofImage, pullCollect, pullLooks, registryOf } from './imagePull';

export const imagePullRateLimited: Playbook = {
  category: 'image-pull-rate-limited',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\btoomanyrequests\b/i, { weight: 0.95, refine: ofImage }),
    fact(/You have reached your (?:unauthenticated )?pull rate limit/i, { weight: 0.95 }),
    fact(/(?:manifests|\/v2\/|\/blobs\/|pull|registry|resolve).*\b429 Too Many Requests/i, {
      weight: 0.95,
      refine: ofImage,
    }),
    fact(/\bpull QPS exceeded/i),
    symptom(/Back-off pulling image|\bErrImagePull\b|\bImagePullBackOff\b/i, { weight: 0.2 }),
    // Amazon's public registry; its other services write the name of the error in capitals.
    fact(/\btoomanyrequests: Rate exceeded/i, { weight: 0.85, unless: /TooMany/ }),
    fact(/\bfetching blob: StatusCode: 429\b/i),
  ],
  recovery: [/Successfully pulled image/i],
  keywords: ['kubernetes', 'image', 'registry'],
  summary: (situation) =>
    /QPS exceeded/i.test(situation.proof)
      ? `${who(situation)} waits for its image: the node pulls more images at once than its kubelet allows.`
      : `${who(situation)} cannot start: ${registryOf(situation)} refuses to hand out the image ${situation.facts.image ?? 'that it names'}, because too many were pulled in a short time.`,
  questions: (situation) => askDescribe(situation, 'shows the registry’s answer'),
  collect: pullCollect,
  advice: (situation) => ({
    summary:
      'Pull with an account of the registry (a pull secret), through a mirror or a pull-through cache, and less often (imagePullPolicy IfNotPresent with fixed tags). The limit goes by itself after some hours.',
    commands: pullLooks(situation),
  }),
};
