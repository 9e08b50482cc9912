import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { scalarValue } from '../yaml/scalarText';
import { refusal } from './edits';

/** Keys that guard something, with the values that would lift the guard. */
const guards: readonly (readonly [key: RegExp, weak: RegExp])[] = [
  [/(?:^|\.)(?:runAsUser|runAsGroup|fsGroup)$/, /^0$/],
  [/(?:^|\.)(?:runAsNonRoot|readOnlyRootFilesystem)$/, /^false$/],
  [/(?:^|\.)(?:privileged|allowPrivilegeEscalation)$/, /^true$/],
  [/(?:^|\.)host(?:Network|PID|IPC|Users)$/, /^true$/],
  [/(?:^|\.)seccompProfile\.type$/, /^Unconfined$/i],
  [/(?:^|\.)capabilities\.add\./, /./],
  [/(?:insecure|skip[-_]?(?:tls|ssl|verif)|disable[-_]?(?:tls|ssl|auth))/i, /^(?:true|1|yes|on)$/i],
  [
    /(?:reject[-_]?unauthorized|(?:tls|ssl)[-_.]?verify|verify[-_.]?(?:tls|ssl))/i,
    /^(?:false|0|no|off|none)$/i,
  ],
  [/sslmode$/i, /^(?:disable|allow|prefer)$/i],
  [/(?:^|\.)(?:tls|auth|networkPolicy|podSecurityContext)\.enabled$/i, /^false$/],
  [
    /(?:^|[._-])(?:use|enable)?[-_]?(?:tls|ssl)(?:[-_.]?(?:enabled?|required|mode))?$/i,
    /^(?:false|0|no|off|none|disabled?)$/i,
  ],
  [/(?:^|\.)(?:clusterWide|allowExternal(?:Egress)?)$/, /^true$/],
  [/(?:verbs|resources|apiGroups)\.\d+$/, /^\*$/],
  [/Probe\.enabled$|(?:^|\.)probes\.\w+\.enabled$/, /^false$/],
];

/** Assignments within a text, such as a variable's value or an argument. */
const weakText =
  /(?:use)?(?:ssl|tls)=(?:false|0|off)\b|sslmode=(?:disable|allow|prefer)|--insecure\b|NODE_TLS_REJECT_UNAUTHORIZED=0/i;

/** Addresses whose traffic is encrypted. */
const encrypted = /\b(?:https|rediss|amqps|wss|ldaps|mqtts|mongodb\+srv|grpcs):\/\//i;

/**
 * Throws where an edit would make something weaker than it is: root, a right, a check switched off.
 * @param named the name of the variable, where the edit is the value of one
 */
export function requireNotWeaker(edit: ScalarEdit, named?: string): void {
  const value = String(scalarValue(edit.after));
  const path = pathText(named === undefined ? edit.keyPath : [...edit.keyPath, named]);
  const lifted = guards.some(([key, weak]) => key.test(path) && weak.test(value));
  const was = edit.before === null ? '' : edit.before;
  const bared = encrypted.test(was) && /:\/\//.test(value) && !encrypted.test(value);
  const opened = bared || (weakText.test(value) && !weakText.test(was));
  if (!lifted && !opened) return;
  throw refusal(
    `${pathText(edit.keyPath)} would become ${value}, which is weaker than it is, so it was left as it is.`,
  );
}

/** The name of the list entry (a variable) whose value is at the path. */
export function entryNameOf(
  find: (path: KeyPath) => { value: unknown } | undefined,
  { keyPath }: ScalarEdit,
): string | undefined {
  if (keyPath.at(-1) !== 'value') return undefined;
  const name = find([...keyPath.slice(0, -1), 'name'])?.value;
  return typeof name === 'string' ? name : undefined;
}
