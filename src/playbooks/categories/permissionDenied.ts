import { askDescribe, askPreviousLogs, describePod, place, podName, who } from '../commands';
import { fact, proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** Other doors than the file system's: tables, logins, the engine's socket, the cluster's rights. */
const otherDoors =
  /docker(?:\.sock| daemon| API)|podman|publickey|for (?:table|relation|schema|database|sequence|function)|password (?:authentication|is)|system:serviceaccount|\biam\b|\bs3\b|is forbidden|exec: |PERMISSION_DENIED|gRPC|denied by policy|lost\+found|mount error\(|sd-bus call|invalid token|denied to (?:create|set|alter|drop)\b|Error making API request|Code: 403\b|\/gvfs\b|\bAccessorID\b/i;

const answered = /\bError making API request\b|\b(?:Code|status(?: code)?)[:= ]{1,2}40[13]\b/i;

/** What another service answered is not of this one's files. */
function unlessAnswered({ before, after }: Match): Refinement | null {
  return [...before, ...after].some(({ message }) => answered.test(message)) ? null : {};
}

export const permissionDenied: Playbook = {
  category: 'permission-denied',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(/\bEACCES\b(?:: permission denied)?,? (?:\w+ )?["'](?<path>[^"']+)["']/i, {
      weight: 0.85,
      unless: otherDoors,
    }),
    proof(/\bEACCES\b/i, { unless: otherDoors, weight: 0.8 }),
    proof(/\[Errno 13\] Permission denied: ["'](?<path>[^"']+)["']/i, {
      weight: 0.85,
      unless: otherDoors,
    }),
    proof(/AccessDeniedException: (?<path>\/\S+)/i, { unless: otherDoors }),
    // MariaDB and MySQL
    proof(
      /\berror number 13 in a file operation|\bErrcode: 13\b|does not have the access rights to the directory/i,
      { weight: 0.85 },
    ),
    proof(/\(13: Permission denied\)/i, { unless: otherDoors, weight: 0.8 }),
    proof(/Access to the path ["'](?<path>[^"']+)["'] is denied/i),
    proof(
      /(?:open|mkdir|create|write|stat|unlink|chown|chmod|lstat|rename|access|execve?|bind|listen|touch|read)\w*(?: \w+)?[ :(]+["'‘`]?(?<path>\/[^\s"'’`:)]*)["'’`)]?[^:]{0,20}: \(?permission denied/i,
      {
        weight: 0.85,
        unless: otherDoors,
      },
    ),
    proof(/Permission denied @ \w+ - (?<path>\S+)/i),
    proof(/(?<path>\/[^\s:"'()]{1,255})["'’]?:? \(?Permission denied/i, {
      unless: otherDoors,
      weight: 0.8,
    }),
    proof(/Permission denied \(os error 13\)/i, { unless: otherDoors }),
    proof(/bind: permission denied|Failed to open stream: Permission denied/i, {
      unless: otherDoors,
    }),
    proof(/GF_PATHS_DATA=["']?(?<path>[^\s"']+)["']? is not writable/i),
    proof(/(?<path>\/[\w./-]{1,255})["'`]? is not writable|not writable by user/i),
    proof(
      /data directory ["']?(?<path>[^\s"']*)["']? has (?:wrong ownership|invalid permissions|group or world access)/i,
    ),
    proof(/could not change permissions of directory ["'](?<path>[^"']+)["']/i),
    proof(
      /Can't (?:create|open|write)[^:]*:? ["']?(?<path>\/[^\s"']+)?["']? ?\((?:OS )?(?:errno|Errcode):? ?13/i,
    ),
    proof(
      /(?:chown|chmod|chgrp)[^:]*: (?:changing \w+ of )?["'‘`]?(?<path>\/[^\s"'’`:]*)["'’`]?: Operation not permitted/i,
      {
        weight: 0.7,
      },
    ),
    proof(/\bEPERM\b: operation not permitted/i, { weight: 0.6 }),
    fact(
      /Failed at step (?:EXEC|CHDIR|NAMESPACE|USER|STATE_DIRECTORY|LOGS_DIRECTORY) \w+ (?<path>\S+): Permission denied/i,
    ),
    fact(/container has runAsNonRoot and image (?:will run as root|has non-numeric user)/i),
    proof(/permission denied/i, { unless: otherDoors, weight: 0.6, refine: unlessAnswered }),
    symptom(/status=200\/CHDIR|status=217\/USER/i, { weight: 0.4 }),
    proof(/\bset(?:groups|e?[ug]id|res[ug]id)\b[^\n]{0,40}: Operation not permitted/i),
    proof(/\b(?:cookie|key)\b[^\n]{0,200} must be accessible by owner only/i, { weight: 0.85 }),
    proof(
      /\b(?:cannot|can't|unable to|could not) (?:create or )?write (?:in)?to (?:the )?(?:\w+ )?(?:directory|folder)\b/i,
    ),
    // What the kernel's rules refuse: SELinux, AppArmor, ports of root
    // It refuses everyday things too: what a program could not do then, it says itself.
    symptom(/\bavc: +denied\b|\bSELinux is preventing\b|apparmor="DENIED"/i, {
      weight: 0.35,
      unless: /permissive=1|profile="snap/i,
    }),
    fact(/cannot expose privileged port \d+/i),
    // MongoDB, MySQL, SQLite, ssh
    proof(/\bFailed to unlink socket file\b/i, { weight: 0.85 }),
    proof(/\binnodb_system data file '[^']{1,200}' must be writable/i, { weight: 0.9 }),
    proof(/\battempt to write a readonly database\b/i, { weight: 0.8 }),
    proof(/\bPermissions \d{3,4} for '(?<path>[^']{1,200})' are too open/i, { weight: 0.85 }),
    // gosu, supervisord, runc
    proof(/\bfailed switching to "[^"]{1,60}": operation not permitted/i, { weight: 0.9 }),
    proof(/\bCan't drop privilege as nonroot user/i, { weight: 0.85 }),
    fact(/\berror mounting "proc" to rootfs at "[^"]{1,60}": [^\n]{0,120}operation not permitted/i),
  ],
  keywords: ['permissions', 'filesystem'],
  summary: (situation) => {
    const { path } = situation.facts;
    const what = path
      ? /^\d|:/.test(path)
        ? `the address ${path}`
        : path
      : 'a file or address that it needs';
    return `${who(situation)} fails because the user that it runs as is denied access to ${what}.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the volumes and the security context'),
    ...askPreviousLogs(situation, 'shows the path that is denied'),
  ],
  collect: (situation) => [
    `kubectl get pod ${podName(situation)}${place(situation)} -o jsonpath='{.spec.securityContext} {.spec.containers[*].securityContext}'`,
    `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'id; ls -ld ${situation.facts.path ?? '<path>'}'`,
  ],
  advice: (situation) => ({
    summary:
      'Give the user of the container access to that path, for example with fsGroup on the pod or the right owner in the image; running as root is not the cure.',
    commands: [
      {
        title: 'See user and owner',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'id; ls -ld ${situation.facts.path ?? '<path>'}'`,
      },
      { title: 'See security context and volumes', command: describePod(situation) },
    ],
  }),
};
