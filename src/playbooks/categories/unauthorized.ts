import { appName, askDescribe, askServiceLogs, peerAt, place, who } from '../commands';
import { answeredWith } from '../httpStatus';
import { proof, symptom, type Playbook } from '../playbook';

/** Images, databases and the cluster's rights have playbooks of their own. */
const elsewhere =
  /failed to pull|ErrImagePull|pull access|failed to authorize|authorize: failed|registry|docker login|probe (?:failed|errored)|postgres|mysql|mongo|system:serviceaccount|\bsshd\[|type="?(?:LOGIN|REFRESH_TOKEN|LOGOUT|USER_INFO_REQUEST)_ERROR|\bpooler error: |\betcdserver: /i;
const sure = { unless: elsewhere, weight: 0.85 };
const plain = { unless: elsewhere };

export const unauthorized: Playbook = {
  category: 'unauthorized',
  layer: 'service',
  severity: 'high',
  signals: [
    // Kerberos
    proof(
      /\bClient's entry in database has expired|Client not found in Kerberos database|\bPreauthentication failed\b|\bCLIENT EXPIRED: /i,
      { weight: 0.8, calm: true },
    ),
    // What clients of the API server end their errors with
    proof(/\b(?:failed to|couldn't|could not|cannot|unable to) \w[^\n]{0,200}: Unauthorized\b/, {
      weight: 0.8,
      unless: elsewhere,
    }),
    proof(/^unauthorized: authentication required/i, { weight: 0.7 }),
    proof(/\bdisconnected, not authori[sz]ed\b|invalid role or secret ID\b/i, { weight: 0.8 }),
    ...answeredWith('401', sure),
    proof(
      /HttpClientErrorException\$Unauthorized|FeignException\$Unauthorized|Faraday::UnauthorizedError|RestClient::Unauthorized|HTTPUnauthorized\b/i,
      sure,
    ),
    proof(
      /\b(?:returned|responded|answered|replied|failed|rejected|got)(?: with)?(?: (?:an?|HTTP|status|code|error))*:? (?<statusCode>401)\b/i,
      { unless: elsewhere, weight: 0.7 },
    ),
    proof(
      /(?:GET|POST|PUT|PATCH|DELETE|HEAD) https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s"']*)?["']?:? [^\n]{0,30}\b(?<statusCode>401)\b/i,
      plain,
    ),
    proof(
      /InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|\bExpiredToken(?:Exception)?\b|InvalidSignatureException|AuthFailure\b|RequestExpired\b/i,
      sure,
    ),
    proof(/request signature we calculated does not match the signature you provided/i, sure),
    proof(/security token included in the request is (?:invalid|expired)/i, sure),
    proof(
      /Unable to locate credentials|NoCredentialsError|CredentialsProviderError|Could not load credentials from any providers|could not find default credentials|NoCredentialProviders|failed to refresh cached credentials/i,
      { ...sure, weight: 0.8 },
    ),
    proof(/Clock skew too great|KRB_AP_ERR_SKEW/i, plain),
    proof(/\bservice was unable to log on as [^\n]+ with the currently configured password/i, sure),
    proof(/\binvalid_(?:client|grant|token)\b|AADSTS7000\d+/i, sure),
    proof(
      /(?:invalid|incorrect|expired|revoked|wrong|bad) (?:api[ _-]?key|access[ _-]?(?:key|token)|auth(?:entication|orization)?[ _-]?token|bearer token|client secret|credentials?)\b/i,
      plain,
    ),
    proof(
      /(?:api[ _-]?key|access[ _-]?token|token|client secret|credentials?) (?:provided )?(?:(?:is|are|was|were|has|have) (?:been )?)?(?:invalid|expired|revoked|not valid|rejected|refused)\b/i,
      { unless: elsewhere, weight: 0.7 },
    ),
    proof(/code = Unauthenticated|\bUNAUTHENTICATED: |StatusCode\.UNAUTHENTICATED/i, sure),
    proof(
      /\bNOAUTH\b|\bWRONGPASS\b|invalid username-password pair|AuthenticationError: |AuthenticationWrongNumberOfArgs/i,
      sure,
    ),
    proof(
      /ACCESS_REFUSED - Login was refused|login refused|Login was refused using authentication mechanism|user ["'\\]*[^"'\\\s]+["'\\]* - invalid credentials/i,
      sure,
    ),
    proof(
      /SASL(?:_SSL)?[^\n]{0,40}authentication failed|SaslAuthenticationException|SASLAuthenticationFailed|SASL_AUTHENTICATION_FAILED|Authentication failed during authentication due to invalid credentials/i,
      sure,
    ),
    proof(
      /\bAuthorization Violation\b|not authori[sz]ed to connect|bad user ?name or password|Connection Refused: not authori[sz]ed/i,
      sure,
    ),
    proof(
      /\b(?:535|534|530)[ -]5\.7\.\d|Username and Password not accepted|\bEAUTH\b|SMTPAuthenticationError/i,
      sure,
    ),
    proof(/LDAP: error code 49|ldap[^\n]{0,40}invalid credentials|INVALID_CREDENTIALS/i, sure),
    proof(
      /unable to authenticate user|missing authentication credentials for|failed to authenticate user/i,
      sure,
    ),
    proof(
      /You must be logged in to the server|the server has asked for the client to provide credentials|client must provide credentials/i,
      sure,
    ),
    proof(
      /fatal: Authentication failed for ["']https?:\/\/(?<host>[\w.-]+)|could not read Username for ["']https?:\/\/(?<host2>[\w.-]+)|Permission denied \(publickey/i,
      { weight: 0.85, unless: /registry|\bsshd\[/i },
    ),
    proof(/\b(?:Bad credentials|authentication (?:has )?failed|401 Unauthorized)\b/i, {
      unless: elsewhere,
      weight: 0.65,
    }),
    proof(
      /(?:jwt|token)[ :_](?:is |has )?expired|TokenExpiredError|ExpiredSignatureError|ExpiredJwtException|signature verification failed|JWKS?[^\n]{0,40}(?:failed|error|not found)/i,
      { unless: elsewhere, weight: 0.6 },
    ),
    symptom(
      /"?(?:GET|POST|PUT|PATCH|DELETE) \/\S*(?: HTTP\/[\d.]+)?"?:? (?:- |-> |status=)?401\b/i,
      { weight: 0.2 },
    ),
    proof(/Access Key Id you provided does not exist/i, sure),
    proof(/\bHTTP Basic: Access denied\b/i, { weight: 0.8 }),
    proof(
      /(?:clone|fetch|pull|push|checkout|remote)\b[^\n]{0,200}: authentication required\b/i,
      sure,
    ),
    proof(/ssh: unable to authenticate\b|no supported (?:authentication )?methods remain/i, {
      ...sure,
      unless: /\bsshd\b/i,
    }),
    proof(/DefaultCredentialsError|Default\w*Credential failed to retrieve a token/i, sure),
    proof(
      /forbidden \(check registration token\)|runner token[^\n]{0,40}(?:invalid|expired|not valid)/i,
      sure,
    ),
    proof(
      /\bkinit: [^\n]{0,40}(?:failed|incorrect)|\* (?:permission denied: )?invalid token\b/i,
      sure,
    ),
    proof(/remote: Support for password authentication was removed\b/i, sure), // GitHub
  ],
  recovery: [
    /(?:re-?authenticated|authenticated successfully|authentication (?:succeeded|successful)|(?:token|credentials?) (?:was |were |has been |have been )?(?:refreshed|renewed))/i,
  ],
  keywords: ['authentication', 'credentials'],
  summary: (situation) =>
    `${who(situation)} is turned away by ${peerAt(situation, 'a service that it calls')}: its credentials are missing, wrong or expired.`,
  questions: (situation) => [
    ...askDescribe(situation, 'shows which Secret the credentials come from'),
    ...askServiceLogs(situation, 'shows since when they are refused'),
  ],
  collect: (situation) => [
    `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
    `kubectl get secrets${place(situation)} --sort-by=.metadata.creationTimestamp`,
  ],
  advice: (situation) => ({
    summary:
      'Compare what the program sends with what the other side expects: a rotated password or key, an expired token, a Secret that is older than the running pod. War Room never reads or invents the value.',
    commands: [
      {
        title: 'See where the credentials come from',
        command: `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
      },
      {
        title: 'See which Secrets changed when',
        command: `kubectl get secrets${place(situation)} --sort-by=.metadata.creationTimestamp`,
      },
      {
        title: 'Let pods take a rotated Secret',
        command: `kubectl rollout restart deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
