import { appName, askDescribe, askEvents, describePod, place, who } from '../commands';
import { fact, symptom, type Playbook } from '../playbook';

export const ephemeralStorageEvicted: Playbook = {
  category: 'ephemeral-storage-evicted',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(
      /Pod ephemeral local storage usage exceeds the total limit of containers(?:,? "?(?<storageLimit>\d\w*))?/i,
      {
        weight: 0.95,
      },
    ),
    fact(
      /Container (?<container>[\w.-]+) exceeded its local ephemeral storage limit "?(?<storageLimit>\w+)/i,
      { weight: 0.95 },
    ),
    fact(
      /Usage of EmptyDir volume "?(?<volume>[\w.-]+)"? exceeds the limit(?: "?(?<storageLimit>\d\w*))?/i,
      {
        weight: 0.95,
      },
    ),
    fact(/(?:ephemeral|emptyDir)[ -](?:local )?storage usage (?:exceeds|exceeded)/i),
    symptom(/\bevicted\b.*\bephemeral/i),
  ],
  keywords: ['kubernetes', 'storage', 'eviction'],
  summary: (situation) => {
    const volume = /EmptyDir volume "?([\w.-]+)/i.exec(situation.proof)?.[1];
    const where = volume ? `into its emptyDir ${volume}` : 'to its local disk';
    const limit = /limit(?: of containers)?,? "?(\d\w*)/i.exec(situation.proof)?.[1];
    return `${who(situation)} was evicted because it wrote more ${where} than its limit${limit ? ` of ${limit}` : ''} allows.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the limit and what was exceeded'),
    ...askEvents(situation, 'shows how often it was evicted'),
  ],
  collect: (situation) => [
    describePod(situation),
    `kubectl get pods${place(situation)} --field-selector status.phase=Failed`,
  ],
  advice: (situation) => ({
    summary:
      'Find what it writes (logs, temporary files, caches) and bound it, put lasting data on a volume, or raise the ephemeral-storage limit or the emptyDir’s sizeLimit.',
    commands: [
      { title: 'See the limit and the eviction', command: describePod(situation) },
      {
        title: 'See what the running pod wrote',
        command: `kubectl exec deployment/${appName(situation)}${place(situation)} -- sh -c 'du -xh / 2>/dev/null | sort -h | tail -20'`,
      },
    ],
  }),
};
