import { askDescribe, askEvents, who } from '../commands';
import { fact, symptom, type Playbook } from '../playbook';
import { ofImage, pullCollect, pullLooks, registryOf } from './imagePull';

/** Nobody was reached at all: the registry is unreachable. */
const noConnection = /dial tcp|waiting for connection/i;

export const imagePullTimeout: Playbook = {
  category: 'image-pull-timeout',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(
      /(?:Failed to pull image|ErrImagePull|PullImage|pull and unpack|pulling image).*context deadline exceeded/i,
      {
        unless: noConnection,
        refine: ofImage,
      },
    ),
    fact(
      /(?:Failed to pull image|ErrImagePull|PullImage).*(?:DeadlineExceeded|context canceled)/i,
      {
        unless: noConnection,
        weight: 0.8,
        refine: ofImage,
      },
    ),
    fact(
      /(?:failed to copy|httpReadSeeker|reading blob|copying (?:image|layer|blob)|writing blob).*(?:context deadline exceeded|i\/o timeout|timed out|Client\.Timeout)/i,
      {
        unless: noConnection,
        refine: ofImage,
      },
    ),
    fact(/\/v2\/.*TLS handshake timeout/i, { refine: ofImage }),
    fact(/Cancel pulling image .*because of (?:no progress|exceed\w*)/i),
    fact(
      /(?:\/v2\/|\/blobs\/|manifests).*Client\.Timeout (?:or context cancellation )?(?:exceeded )?while (?:awaiting headers|reading body)/i,
      {
        unless: noConnection,
        refine: ofImage,
      },
    ),
    symptom(/(?:\/v2\/|\/blobs\/|manifests).*context deadline exceeded/i, {
      unless: noConnection,
      weight: 0.7,
      refine: ofImage,
    }),
    symptom(/Back-off pulling image|\bErrImagePull\b|\bImagePullBackOff\b/i, { weight: 0.2 }),
  ],
  recovery: [/Successfully pulled image/i],
  keywords: ['kubernetes', 'image', 'registry'],
  summary: (situation) =>
    `${who(situation)} cannot start: pulling the image ${situation.facts.image ?? 'that it names'} from ${registryOf(situation)} takes longer than is waited for it.`,
  questions: (situation) => [
    ...askDescribe(situation, 'shows how long the pull ran and which image it was'),
    ...askEvents(situation, 'shows whether other pulls on this node are as slow'),
  ],
  collect: pullCollect,
  advice: (situation) => ({
    summary:
      'Make the image smaller, pull it ahead of time or from a registry near the nodes, or mend the way to the registry where every pull is slow.',
    commands: pullLooks(situation),
  }),
};
