import type { Advice } from '../../incident/analysis';
import { describePod, recentEvents } from '../commands';
import type { Match, Refinement, Situation } from '../playbook';

/** Only where the line, or the message that it is part of, speaks of fetching an image. */
const aboutImages =
  /\bpull|image|\bregistry|\/manifests\/|\/v2\/["'\\]|\/blobs\/|ErrImagePull|Error response from daemon|failed to resolve reference/i;

/** Keeps a match only where an image is being fetched. */
export function ofImage({ line, block }: Match): Refinement | null {
  const told = [line, ...block].some((it) => aboutImages.test(it.message));
  return told ? factsOfImage(line.message) : null;
}

/** The image that the message names, and the registry that serves it. */
export function factsOfImage(message: string): Refinement {
  const image =
    /(?:pulling|pull|resolve) (?:image |reference |and unpack image )["'\\]*([\w./:@-]+)/i.exec(
      message,
    )?.[1];
  const host =
    /https?:\/\/([\w.-]+)(?::\d+)?\/v2\//i.exec(message)?.[1] ??
    /pinging container registry ([\w.-]+)/i.exec(message)?.[1];
  return { facts: { ...(image ? { image } : {}), ...(host ? { host } : {}) } };
}

/** `docker.io` of `alpine`, `registry.shop.example:5000` of `registry.shop.example:5000/web:1`. */
export function registryOf({ facts }: Situation): string {
  if (facts.host) return facts.host;
  const [first = '', ...rest] = (facts.image ?? '').split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'the registry';
}

/** What a person on call looks at when a pull fails. */
export function pullLooks(situation: Situation): Advice['commands'] {
  return [
    { title: 'See what the pull fails of', command: describePod(situation) },
    {
      title: 'Try the same pull (on the node)',
      command: `crictl pull ${situation.facts.image ?? '<image>'}`,
    },
  ];
}

export const pullCollect = (situation: Situation): string[] => [
  describePod(situation),
  recentEvents(situation),
];
