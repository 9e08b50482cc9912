import { askServiceLogs, place, who } from '../commands';
import {
  fact,
  proof,
  type Match,
  type Playbook,
  type Refinement,
  type Situation,
} from '../playbook';

/** `system:serviceaccount:shop:web` → `shop/web`. */
function account({ groups, line }: Match): Refinement {
  const named = /system:serviceaccount:([\w.-]+):([\w.-]+)/i.exec(groups.user ?? line.message);
  const namespace = /in the namespace ["'\\]*([\w.-]+)/i.exec(line.message)?.[1];
  return {
    facts: {
      ...(named ? { account: `${named[1] ?? ''}/${named[2] ?? ''}` } : {}),
      ...(namespace ? { namespace } : {}),
    },
  };
}

/** The kubelet asks for a new pod's objects before the cluster has noted that the pod is its own. */
const early = /no relationship found between node/i;
const quota =
  /exceeded quota|violates PodSecurity|admission webhook|not yet ready|is forbidden: unable to create new content/i;

/** The server's answer to a request that a policy turned down is spelt `Forbidden` as well. */
const refusedAtAdmission = new RegExp(`${quota.source}|denied request|violates Pod`, 'i');

export const forbiddenRbac: Playbook = {
  category: 'forbidden-rbac',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\bFailed to (?:list|watch) \*v\w{1,20}\.\w{1,60}: [\w.-]{1,120} is forbidden/i, {
      weight: 0.85,
    }),
    fact(
      /User ["'\\]*(?<user>[^\s"'\\]+)["'\\]* cannot (?<verb>[a-z*]+) resource ["'\\]*(?<resource>[\w./*-]+)/i,
      {
        refine: account,
        weight: 0.95,
        unless: early,
      },
    ),
    fact(
      /User ["'\\]*(?<user>[^\s"'\\]+)["'\\]* cannot (?<verb>[a-z]+) (?:path|(?<resource>[\w./-]+))/i,
      { refine: account, unless: early },
    ),
    fact(/is forbidden: User/i, {
      unless: new RegExp(`${quota.source}|${early.source}`, 'i'),
      refine: account,
    }),
    fact(/Configured service account doesn't have access/i, { refine: account }),
    fact(/Error from server \(Forbidden\)/i, { unless: refusedAtAdmission }),
    fact(/attempting to grant RBAC permissions not currently held/i),
    proof(/(?:Forbidden|403)[^{]{0,200}system:serviceaccount:/i, {
      unless: quota,
      refine: account,
    }),
    proof(/RBAC: (?:clusterrole\S* .*not found|role\S* .*not found)/i),
  ],
  keywords: ['kubernetes', 'rbac'],
  summary: (situation) => {
    const { account: name, verb, resource, namespace } = situation.facts;
    const what = verb && resource ? `may not ${verb} ${resource}` : 'lacks a right that it uses';
    const where = namespace ? ` in the namespace ${namespace}` : '';
    return `${who(situation)} is turned away by the cluster's API: its service account${name ? ` ${name}` : ''} ${what}${where}.`;
  },
  questions: (situation) => askServiceLogs(situation, 'shows which calls are refused'),
  collect: (situation) => [
    canI(situation),
    `kubectl get rolebindings,clusterrolebindings -A -o wide`,
  ],
  advice: (situation) => ({
    summary:
      'Bind the service account to a Role that allows exactly this verb on this resource; no wildcard.',
    commands: [
      { title: 'Ask the cluster', command: canI(situation) },
      {
        title: 'See the bindings',
        command: `kubectl get rolebindings${place(situation)} -o wide`,
      },
    ],
  }),
};

function canI(situation: Situation): string {
  const { verb, resource, account: who } = situation.facts;
  const [namespace = '<namespace>', name = '<account>'] = (who ?? '').split('/').filter(Boolean);
  return `kubectl auth can-i ${verb ?? '<verb>'} ${resource ?? '<resource>'}${place(situation)} --as=system:serviceaccount:${namespace}:${name}`;
}
