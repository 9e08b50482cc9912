import { askDescribe, askEvents, place, who } from '../commands';
import { fact, symptom, type Finding, type Playbook } from '../playbook';

export const volumeUnbound: Playbook = {
  category: 'volume-unbound',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/pod has unbound immediate PersistentVolumeClaims/i),
    fact(/persistentvolumeclaim "?(?<claim>[\w.-]+)"? not found/i),
    fact(/persistentvolumeclaim "(?<claim>[\w.-]+)" is being deleted/i),
    fact(/no persistent volumes available for this claim and no storage class is set/i),
    fact(/storageclass(?:\.storage\.k8s\.io)? "?(?<storageClass>[\w.-]+)"? not found/i),
    fact(/didn't find available persistent volumes to bind/i),
    fact(/Cannot bind to requested volume/i),
    fact(/bound claim has different uid|claim misbound|Bound claim has lost its PersistentVolume/i),
    fact(/failed to provision volume with StorageClass/i, { only: 'platform' }),
    fact(/did not have enough free storage/i),
    symptom(/Waiting for a volume to be created (?:either )?by the external provisioner/i, {
      weight: 0.45,
    }),
    symptom(/waiting for first consumer to be created before binding/i, { weight: 0.1 }),
  ],
  inspect: (picture) =>
    picture.claims
      .filter((claim) => claim.status.value === 'Pending' || claim.status.value === 'Lost')
      .map((claim): Finding => ({
        category: 'volume-unbound',
        key: 'volume-unbound:claim',
        role: 'symptom',
        weight: claim.status.value === 'Lost' ? 0.85 : 0.5,
        citation: claim.status.citation,
        facts: { claim: claim.name },
        mechanism: null,
        app: null,
        order: 0,
      })),
  keywords: ['kubernetes', 'storage', 'persistentvolumeclaim'],
  summary: (situation) => {
    const { claim } = situation.facts;
    const why = /storageclass\S* "?([\w.-]+)"? not found/i.exec(situation.proof)?.[1];
    return `${who(situation)} cannot start: its volume claim${claim ? ` ${claim}` : ''} is not bound${why ? `, because the StorageClass ${why} does not exist` : ''}.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'shows why the claim is not provisioned'),
    ...askDescribe(situation, 'shows which claim the pod waits for'),
  ],
  collect: (situation) => [
    `kubectl describe pvc ${situation.facts.claim ?? ''}${place(situation)}`.replace(/ {2,}/g, ' '),
    'kubectl get storageclass',
    'kubectl get pv',
  ],
  advice: (situation) => ({
    summary:
      'Name a StorageClass that exists, or create the volume that the claim asks for. The class of an existing claim cannot be changed: it has to be made again.',
    commands: [
      { title: 'See the classes there are', command: 'kubectl get storageclass' },
      {
        title: 'See why the claim waits',
        command: `kubectl describe pvc ${situation.facts.claim ?? '<claim>'}${place(situation)}`,
      },
      { title: 'See free volumes', command: 'kubectl get pv' },
    ],
  }),
};
