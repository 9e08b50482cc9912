import { askDescribe, askEvents, describePod, place, who } from '../commands';
import { fact, type Playbook } from '../playbook';

/** What clouds and drivers say of a disk that another machine still has. */
export const heldElsewhere =
  /already (?:exclusively )?attached|already in use|currently attached to|already being used by|in use by another|Resource inUse|VolumeInUse|IN_USE_BY_ANOTHER|AttachDiskWhileBeingDetached|Multi-Attach/i;

export const volumeAttachConflict: Playbook = {
  category: 'volume-attach-conflict',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/Multi-Attach error for volume "?(?<volume>[\w.-]+)/i, { weight: 0.95 }),
    fact(/Multi-Attach error: volume is already (?:used by pods|exclusively attached)/i, {
      weight: 0.9,
      calm: true,
    }),
    fact(/Volume is already (?:exclusively attached|used by pod\(s\))/i),
    fact(
      /pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode|PersistentVolumeClaim with ReadWriteOncePod access mode already in-use/i,
    ),
    fact(
      new RegExp(String.raw`(?:Attach|ControllerPublish)\w*\b.*(?:${heldElsewhere.source})`, 'i'),
      { weight: 0.9 },
    ),
    fact(/\bVolumeInUse: \S+ is already attached/i),
    fact(/\bRESOURCE_IN_USE_BY_ANOTHER_RESOURCE\b|AttachDiskWhileBeingDetached/i),
    fact(/rbd image \S+ is still being used|volume \S+ (?:is )?already (?:attached|exclusively)/i),
    // Cinder, Longhorn
    fact(/\bAttach\w{0,40}\.Attach failed: [^\n]{0,160} is attached to a different instance \(/i),
    fact(/\bNode to be attached \S{1,120} is different from previous spec\b/i),
  ],
  keywords: ['kubernetes', 'storage', 'persistentvolume'],
  summary: (situation) => {
    const volume = /volume "?([\w.-]+)/i.exec(situation.proof)?.[1];
    const user = /already used by pod\(s\) ([\w., -]+)/i.exec(situation.proof)?.[1];
    return `${who(situation)} cannot start: its volume${volume ? ` ${volume}` : ''} is still attached to another node${user ? `, where ${user.trim()} uses it` : ''}, and can be attached to one only.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'shows which pod or node still holds the volume'),
    ...askDescribe(situation, 'shows which claim the pod waits for'),
  ],
  collect: (situation) => [
    'kubectl get volumeattachment',
    `kubectl get pods${place(situation)} -o wide`,
    describePod(situation),
  ],
  advice: (situation) => ({
    summary:
      'A ReadWriteOnce volume serves one node: let the old pod end first (strategy Recreate, or a StatefulSet), or use a class that allows ReadWriteMany. If the old node is gone, its attachment goes only when the node is removed or marked out of service.',
    commands: [
      { title: 'See what is attached where', command: 'kubectl get volumeattachment' },
      {
        title: 'See where the pods run',
        command: `kubectl get pods${place(situation)} -o wide`,
      },
    ],
  }),
};
