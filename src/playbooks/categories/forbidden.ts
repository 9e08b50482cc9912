import { askDescribe, askServiceLogs, peerAt, place, podName, who } from '../commands';
import { answeredWith } from '../httpStatus';
import { proof, symptom, type Playbook } from '../playbook';

/** The cluster's own rights, quotas and admission, images and limits have playbooks of their own. */
const elsewhere =
  /system:serviceaccount|is forbidden: |admission|exceeded quota|violates PodSecurity|failed to pull|ErrImagePull|requested access to the resource is denied|pull access|rate.?limit|RESOURCE_EXHAUSTED|quota|probe (?:failed|errored)|\bCSRF\b|ImagePull/i;
const sure = { unless: elsewhere, weight: 0.85 };
/** Vault's word that it knows no such token, which is no matter of rights. */
const invalidToken = /\binvalid token\b/i;

export const forbidden: Playbook = {
  category: 'forbidden',
  layer: 'service',
  severity: 'high',
  signals: [
    proof(/\bCode: 403\. Errors:/, { weight: 0.85, unless: invalidToken }), // Vault
    ...answeredWith('403', sure),
    // SMB
    proof(/\bNT_STATUS_ACCESS_DENIED\b|not permitted to access this share/i, { weight: 0.8 }),
    proof(
      /HttpClientErrorException\$Forbidden|FeignException\$Forbidden|Faraday::ForbiddenError|RestClient::Forbidden|HTTPForbidden\b/i,
      sure,
    ),
    proof(
      /\b(?:returned|responded|answered|replied|failed|got)(?: with)?(?: (?:an?|HTTP|status|code|error))*:? (?<statusCode>403)\b/i,
      { unless: elsewhere, weight: 0.7 },
    ),
    proof(
      /(?:GET|POST|PUT|PATCH|DELETE|HEAD) https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s"']*)?["']?:? [^\n]{0,30}\b(?<statusCode>403)\b/i,
      { unless: elsewhere },
    ),
    proof(
      /\bnot authorized to perform:? (?<verb>[\w:*]+)(?: on resource:? (?<resource>[^\s"']+))?/i,
      { ...sure, weight: 0.9 },
    ),
    proof(
      /\bAccessDenied(?:Exception)?\b(?:\)| when calling|:)?[^\n]{0,60}(?:Access Denied|operation|denied)/i,
      { ...sure, unless: /(?:AccessDeniedException: \/)|failed to pull|password/i },
    ),
    proof(/\bAccess Denied \(Service: [^;)]{1,60}; Status Code: 403\b/, { weight: 0.9 }), // AWS
    proof(/does not have (?<resource>[\w.]+) (?:access|permission)/i, sure),
    proof(/does not have authorization to perform action ["'](?<verb>[^"']+)/i, sure),
    proof(
      /code = PermissionDenied|\bPERMISSION_DENIED\b|StatusCode\.PERMISSION_DENIED|AuthorizationPermissionMismatch|insufficient_scope|Insufficient Permission/i,
      sure,
    ),
    proof(
      /permission denied for (?:table|relation|schema|database|sequence|function|view|language) (?<resource>[\w".]+)/i,
      sure,
    ),
    proof(
      /\b\w+ command denied to user ["'][^"']+["']@["'][^"']+["'] for table ["'`](?<resource>[^"'`]+)/i,
      sure,
    ),
    proof(
      /not authorized on (?<database>\S+) to execute command|(?:SELECT|INSERT|UPDATE|DELETE|EXECUTE) permission was denied on the object ["'](?<resource>[^"']+)|ORA-01031/i,
      sure,
    ),
    proof(
      /(?:Topic|Group|Cluster|TransactionalId)AuthorizationException|Not authorized to access (?:topics?|group)[^\n]{0,4}:? ?(?<resource>[\w.[\]-]+)?|TOPIC_AUTHORIZATION_FAILED|GROUP_AUTHORIZATION_FAILED/i,
      sure,
    ),
    proof(
      /ACCESS_REFUSED - (?:\w+ )?access to (?<resource>\w+ ["'][^"']+["'])|Permissions Violation for (?:Publish|Subscription)/i,
      sure,
    ),
    proof(/NOPERM\b|this user has no permissions to/i, sure),
    proof(
      /directory index of ["'](?<path>[^"']+)["'] is forbidden|access forbidden by rule|client denied by server configuration:? ?(?<path2>\S+)?/i,
      { weight: 0.75 },
    ),
    proof(/\b403 Forbidden\b|\bHTTP 403\b/i, { unless: elsewhere, weight: 0.65 }),
    proof(
      /RBAC: access denied|(?:denied|blocked|refused) by (?:policy|authorization)|action \[(?<verb>[\w:/*[\]]{1,100})\] is unauthorized for user/i,
      { ...sure, weight: 0.75 },
    ),
    symptom(
      /"?(?:GET|POST|PUT|PATCH|DELETE) \/\S*(?: HTTP\/[\d.]+)?"?:? (?:- |-> |status=)?403\b/i,
      { weight: 0.2 },
    ),
    // An API of AWS, of Google, and Vault
    proof(/\berror=["']?AccessDenied(?:Exception)?\b|\bErrors::AccessDenied(?:Exception)?\b/i, {
      ...sure,
      weight: 0.8,
    }),
    proof(/\bPermission ["'](?<verb>[\w.]+)["'] denied on\b|\bgoogleapi: Error 403\b/i, sure),
    proof(/Error making API request[^\n]{0,400}Code: (?<statusCode>403)\b/i, {
      ...sure,
      unless: invalidToken,
    }),
    proof(/^Code: (?<statusCode>403)\. Errors:/i, { ...sure, unless: invalidToken }),
    // PostgreSQL's owner rights; GitHub
    proof(
      /\bmust be (?:owner of|superuser to|able to SET ROLE)\b|permission denied to (?:create|set|alter|drop) /i,
      {
        ...sure,
        unless: new RegExp(`${elsewhere.source}|pg_restore|of extension plpgsql`, 'i'),
        weight: 0.8,
      },
    ),
    proof(/remote: Permission to \S+ denied to /i, sure),
    // Consul, ClickHouse; the key vault, functions and keys of clouds; GitHub's apps
    proof(/\bPermission denied: token with AccessorID\b/i, sure),
    proof(/\bDB::Exception: [^\n]{0,80}\bNot enough privileges\b/i, sure),
    proof(
      /\bdoes not have (?:secrets|keys|certificates) (?<verb>\w{1,20}) permission on key vault/i,
      sure,
    ),
    proof(/\bACCESS_TOKEN_SCOPE_INSUFFICIENT\b|Resource not accessible by integration\b/i, sure),
    proof(/\bAccessDeniedException: The ciphertext refers to a customer master key\b/i, sure),
    proof(
      /\bAn error occurred \((?<statusCode>403)\) when calling the (?<verb>\w+) operation/i,
      sure,
    ),
  ],
  keywords: ['authorization', 'permissions'],
  summary: (situation) => {
    const { verb, resource } = situation.facts;
    const what = verb || resource ? ` (${[verb, resource].filter(Boolean).join(' on ')})` : '';
    return `${who(situation)} is known to ${peerAt(situation, 'a service that it calls')} but may not do what it asks for there${what}.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows which account it runs as'),
    ...askServiceLogs(situation, 'shows which calls are refused'),
  ],
  collect: (situation) => [
    `kubectl get pod ${podName(situation)}${place(situation)} -o jsonpath='{.spec.serviceAccountName}'`,
    `kubectl get serviceaccounts${place(situation)} -o yaml`,
  ],
  advice: (situation) => ({
    summary:
      'Grant the account exactly this right on exactly this resource where the other side keeps its rules (IAM policy, database grant, ACL), or let the program use the account that has it.',
    commands: [
      {
        title: 'See which account it runs as',
        command: `kubectl get pod ${podName(situation)}${place(situation)} -o jsonpath='{.spec.serviceAccountName}'`,
      },
      {
        title: 'See what the account is bound to',
        command: `kubectl get serviceaccounts${place(situation)} -o yaml`,
      },
    ],
  }),
};
