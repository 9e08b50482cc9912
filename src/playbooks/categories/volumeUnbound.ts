import type { Advice } from '../../incident/analysis';
import { askDescribe, askEvents, place, who } from '../commands';
import { fact, symptom, type Finding, type Playbook, type Situation } from '../playbook';
import { swarmService } from './scheduling';

/** An engine's own volume, as against a claim of a cluster. */
const ofEngine = ({ proof }: Situation): boolean =>
  /missing plugin on|volume plugin|nonexistent driver|declared as external|external volume/i.test(
    proof,
  );

function looks(situation: Situation): Advice['commands'] {
  if (ofEngine(situation)) {
    return [
      { title: 'See the volumes there are', command: 'docker volume ls' },
      {
        title: 'See the volume drivers there are',
        command: "docker info --format '{{.Plugins.Volume}}'",
      },
      ...(/no suitable node/i.test(situation.proof) ? swarmService(situation) : []),
    ];
  }
  const claim = situation.facts.claim ?? '<claim>';
  return [
    {
      title: 'See why the claim waits',
      command: `kubectl describe pvc ${claim}${place(situation)}`,
    },
    { title: 'See the classes there are', command: 'kubectl get storageclass' },
    { title: 'See free volumes', command: 'kubectl get pv' },
  ];
}

export const volumeUnbound: Playbook = {
  category: 'volume-unbound',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/pod has unbound immediate PersistentVolumeClaims|PersistentVolumeClaim is not bound/i),
    fact(/persistentvolumeclaim "?(?<claim>[\w.-]+)"? not found/i),
    fact(/persistentvolumeclaim "(?<claim>[\w.-]+)" is being deleted/i),
    fact(/no persistent volumes available for this claim and no storage class is set/i),
    fact(/storageclass(?:\.storage\.k8s\.io)? "?(?<storageClass>[\w.-]+)"? not found/i),
    fact(/didn't find available persistent volumes to bind/i),
    fact(/Cannot bind to requested volume/i),
    fact(/bound claim has different uid|claim misbound|Bound claim has lost its PersistentVolume/i),
    fact(/failed to provision volume with StorageClass/i, { only: 'platform' }),
    fact(/did not have enough free storage/i),
    // Swarm says so of network and log drivers too, which are seldom plugins.
    fact(/no suitable node \(.*missing plugin on \d+ node/i, { weight: 0.7 }),
    fact(/error looking up volume plugin/i),
    fact(/volume (?<claim>[\w.-]+) specifies nonexistent driver/i),
    fact(/volume "?(?<claim>[\w.-]+)"? declared as external, but could not be found/i),
    fact(/external volume "(?<claim>[\w.-]+)" not found/i),
    // Nobody provisions for this class: somebody has to make the volume.
    fact(/external provisioner ['"]?(?:kubernetes|k8s)\.io\/no-provisioner/i),
    symptom(/Waiting for a volume to be created (?:either )?by the external provisioner/i, {
      weight: 0.45,
    }),
    symptom(/waiting for first consumer to be created before binding/i, { weight: 0.1 }),
    // The provisioner's own log; it tries again what somebody else has begun.
    fact(/\bfailed to provision volume with StorageClass "(?<storageClass>[\w.-]+)"/i, {
      only: 'log',
      weight: 0.8,
      unless: /code = (?:Aborted|AlreadyExists|ResourceExhausted)\b|LimitExceeded|exceeded quota/i,
    }),
    fact(/\brunning PreBind plugin "VolumeBinding": binding volumes: /i, { weight: 0.85 }),
    fact(/\bpersistentvolumeclaim "(?<claim>[\w.-]+)" bound to non-existent persistentvolume/i),
  ],
  recovery: [/\bsuccessfully provisioned volume\b/i],
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
    const name = claim ? ` ${claim}` : '';
    if (ofEngine(situation)) {
      return `${who(situation)} cannot start: its volume${name} does not exist and cannot be made.`;
    }
    const why = /storageclass\S{0,60} "?([\w.-]+)"? not found/i.exec(situation.proof)?.[1];
    return `${who(situation)} cannot start: its volume claim${name} is not bound${why ? `, because the StorageClass ${why} does not exist` : ''}.`;
  },
  questions: (situation) =>
    ofEngine(situation)
      ? []
      : [
          ...askEvents(situation, 'shows why the claim is not provisioned'),
          ...askDescribe(situation, 'shows which claim the pod waits for'),
        ],
  collect: (situation) => looks(situation).map(({ command }) => command),
  advice: (situation) => ({
    summary: ofEngine(situation)
      ? 'Install the volume driver on the nodes, name a driver that is there, or make the volume that the service expects.'
      : 'Name a StorageClass that exists, or create the volume that the claim asks for. The class of an existing claim cannot be changed: it has to be made again.',
    commands: looks(situation),
  }),
};
