import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { added, editOf, refusal, textOf } from './edits';
import type { Fixer, FixTarget } from './fix';
import { fitsContainer } from './locate';

/** What a Pod Security standard asks of a container, in its own words, and the values that do it. */
interface Rule {
  asks: RegExp;
  path: KeyPath;
  value: string;
  /** True where what stands keeps the rule already. */
  isKept?: (text: string) => boolean;
}

const rules: readonly Rule[] = [
  {
    asks: /allowPrivilegeEscalation ?(?:!= ?false|=false)/,
    path: ['allowPrivilegeEscalation'],
    value: 'false',
  },
  { asks: /runAsNonRoot ?(?:!= ?true|=true)/, path: ['runAsNonRoot'], value: 'true' },
  {
    asks: /seccompProfile/,
    path: ['seccompProfile', 'type'],
    value: 'RuntimeDefault',
    isKept: (text) => text === 'Localhost',
  },
  { asks: /unrestricted capabilities/, path: ['capabilities', 'drop', 0], value: 'ALL' },
  { asks: /\bprivileged\b(?! ?[:=] ?false)/, path: ['privileged'], value: 'false' },
];

/** What no switch of a container can keep: somebody has to change what the pod does. */
const beyond =
  /hostPath|host ?(?:Ports?|namespaces?|Network|PID|IPC)|runAsUser=0|procMount|sysctls|NET_|SYS_/i;

/** `admission-denied` by Pod Security: the container's settings become as strict as it asks. */
export const securityFixer: Fixer = {
  objection: ({ violations }) => {
    if (!violations) {
      return 'The rule that refuses is not a Pod Security standard, so only its owner can say what it asks for.';
    }
    return beyond.test(violations.value)
      ? 'What the pod asks for is more than a stricter setting can give up (the host, a capability, root), so it is not changed here; the rule is never weakened.'
      : null;
  },

  fix(target) {
    const asked = rules.filter(({ asks }) => asks.test(target.facts.violations?.value ?? ''));
    const block = securityBlock(target);
    const edits = asked.flatMap((rule) => stricter(target, block, rule));
    if (edits.length === 0) {
      throw refusal(
        `${pathText(block)} keeps what the rule asks for already, so another container, or the chart, breaks it; the file was left as it is.`,
      );
    }
    return {
      title: `keep the Pod Security rule: ${edits.map(({ keyPath, after }) => `${String(keyPath.findLast((part) => typeof part === 'string'))} ${after}`).join(', ')}`,
      edits,
      reason: `The cluster refuses the pod for what its ${pathText(block)} allows; it becomes as strict as the rule asks, and the rule stays.`,
      formula: null,
      warnings: [
        ...(asked.some(({ path }) => path[0] === 'runAsNonRoot')
          ? [
              'The image must name a user that is not root (USER), else the container will not start.',
            ]
          : []),
        'A program that needs what is taken from it fails at its start: try it where nobody waits for it.',
      ],
    };
  },

  patch: ({ violations }) => {
    const asked = rules.filter(
      ({ asks, path }) => path.length === 1 && asks.test(violations?.value ?? ''),
    );
    if (asked.length === 0) return null;
    return `securityContext:\n${asked.map(({ path, value }) => `  ${pathText(path)}: ${value}\n`).join('')}`;
  },
};

function stricter(target: FixTarget, block: KeyPath, rule: Rule): ScalarEdit[] {
  const keyPath = [...block, ...rule.path];
  const place = target.document.find(keyPath);
  if (!place) return [{ ...added(keyPath, rule.value), after: rule.value }];
  const text = textOf(place);
  const isKept = text === rule.value || (rule.isKept?.(text) ?? false);
  return isKept ? [] : [editOf(place, rule.value)];
}

/** The container's own block; a pod's has no such switches. */
function securityBlock(target: FixTarget): KeyPath {
  const names = /^(?:securityContext|containerSecurityContext)$/;
  const blocks = target.document.mappingPaths().filter((path) => {
    const last = String(path.at(-1));
    const own = path.slice(target.prefix.length, -1);
    return names.test(last) && path.length > target.prefix.length && fitsContainer(target, own);
  });
  const container = blocks.filter((path) => path.at(-1) === 'containerSecurityContext');
  const [block, ...others] = container.length > 0 ? container : blocks;
  if (block && others.length === 0) return block;
  throw refusal(
    block
      ? `The file has several blocks securityContext, so it is not certain which is the container's; it was left as it is.`
      : `The file has no block securityContext for the container, so it was left as it is; add it where your chart reads it.`,
    block ? 'values-ambiguous' : 'values-key-missing',
  );
}
