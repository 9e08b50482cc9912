import { isPlaceholder, looksRandom, type MaskRule, type MatchContext } from './rule';

/** What stands between a name and its value: `=`, `:`, `": "`, `=>`, `%3D`; JSON in JSON escapes often. */
const ASSIGNS = String.raw`\\{0,7}["']?\s{0,4}(?:=>|:=|%3[Dd]|[=:])\s{0,4}`;
/**
 * A value in quotes, which is also the rest of a line that was cut within. In JSON in JSON the quotes
 * are escaped, and those inside of the value once more.
 */
const QUOTED = String.raw`(?<q>\\{0,7})"(?:[^"\\]|(?!\k<q>")\\{1,15}[^\\]){1,2048}\k<q>"|\\{0,7}"[^"\\]{1,2048}|'[^']{1,2048}'`;
/** Up to what ends a value in a query, a list, a shell or JSON. */
const BARE = String.raw`[^\s"',;&|\\(){}\[\]]{1,2048}`;

/** Letters that may follow a key and change nothing: `PASSWORD_PROD`, `token2`, `passwordBase64`. */
const SUFFIX = String.raw`(?:_?(?:value|base64|b64|hash|plain|text|str|prod|production|dev|staging|test|base|primary|secondary|old|new|admin|root|\d{1,3}))?`;

const keyed = (keys: string, value = `${QUOTED}|${BARE}`) =>
  new RegExp(`(?<before>(?:${keys})${SUFFIX}${ASSIGNS})(?<secret>${value})`, 'gi');

/** Values of `name: value` and `name=value` that are no secrets but words about one. */
function isValue(secret: string, { before, after }: MatchContext): boolean {
  const value = secret.replace(/^\\{0,7}["']|\\{0,7}["']$/g, '');
  // A placeholder may hold blanks: `<your password>`.
  const rest = /^[<{($%]/.test(value) ? after.slice(0, 80).trim() : '';
  if (isPlaceholder(value) || isPlaceholder(value + rest)) return false;
  if (/^\d+$/.test(value) && /^\s(?:bytes|chars|characters)\b/.test(after)) return false;
  // Source code that a stack trace shows: `os.environ["KEY"]`, `load_key(path)`, `process.env.KEY`.
  if (/^[A-Za-z_$][\w.$]*$/.test(value) && /^[[(]/.test(after)) return false;
  if (/^(?:process\.env|os\.environ|import\.meta\.env)\./.test(value)) return false;
  // "token: invalid signature": words after a colon are a sentence, unless names follow them.
  const prose = /:\s+$/.test(before) && /^[A-Za-z][A-Za-z'’-]*[.,;:!]?$/.test(secret);
  const goesOn = /^\s+["'(<]?[\w-]+(?![\w-]|\s?[:=])/.test(after);
  if (prose && (goesOn || PROSE.test(value))) return false;
  return true;
}

const PROSE =
  /^(?:invalid|expired|required|incorrect|wrong|failed|rejected|denied|unauthorized|forbidden|malformed|mismatch|unknown|revoked|not|error|eof|ok|set|string|optional|unexpected)[.,;:!]*$/i;

/** A path, a number or a name that refers to a secret. */
const isReference = (value: string) =>
  /^(?:\/|\.{1,2}\/|file:|[A-Z]:\\)/.test(value) ||
  /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+$/.test(value);

const isTokenValue = (secret: string, context: MatchContext) =>
  isValue(secret, context) &&
  !/^(?:["']?[\d.]{1,8}["']?$|[})\]>])/.test(secret) &&
  !/(?:unexpected|illegal)\s\w{0,10}\s?token\\?["']?:?\s*$/i.test(context.before) &&
  !(/:\s+$/.test(context.before) && /^[a-z_]{1,12}[.,;:]?$/i.test(secret));

/** Names such as `existingSecret` and `imagePullSecret` hold the name of a Secret. */
const isSecretValue = (secret: string, context: MatchContext) =>
  isValue(secret, context) &&
  !(context.before.includes(':') && isReference(secret.replace(/^["']|["']$/g, '')));

/** What a sentence says of a password that is not the password: how it is kept, how long it is. */
const ABOUT_A_PASSWORD =
  /^(?:(?:scram-)?sha-?\d\S*|md[45]|bcrypt|argon2\w*|pbkdf2\S*|base\d\d\S*|aes\S*|rsa\S*|utf-?\d+|oauth\S*|x\.?509|kerberos\d?|\d+[- ]?(?:bytes?|chars?|characters?|bits?|digits?|days?|hours?|h|d|m|min|minutes|s|ms|sec\w*))$/i;

/**
 * The word behind "the password is". Words of a sentence stay: bare, only what no dictionary and
 * no name holds is a password, that is letters with digits or signs, or digits that end the line.
 */
function isSpoken(secret: string, { after }: MatchContext): boolean {
  const quoted = /^["'`]/.test(secret);
  const value = quoted ? secret.slice(1, -1) : secret.replace(/[.,;:!?)\]}]{1,16}$/, '');
  if (isPlaceholder(value) || PROSE.test(value) || ABOUT_A_PASSWORD.test(value)) return false;
  if (quoted) return true;
  if (isReference(value) || /^[A-Z][A-Z\d]*_[A-Z\d_]*$/.test(value)) return false;
  if (/^\d+$/.test(value)) return value.length >= 4 && !/\w/.test(after);
  return value.length >= 4 && /[A-Za-z]/.test(value) && /[\d!@#$%^&*+=?~]/.test(value);
}

/** Secrets that are known by what stands beside them. */
export const credentialRules: readonly MaskRule[] = [
  {
    kind: 'private-key',
    hints: ['private key'],
    pattern:
      /(?<before>-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)(?<secret>[^-]{16,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?)/g,
    accept: (secret) => !isPlaceholder(secret.trim()) && !secret.includes('[masked '),
  },
  {
    kind: 'bearer-token',
    hints: ['bearer'],
    pattern: /(?<before>\bBearer(?:\s|%20|\\t){1,4})(?<secret>[\w.~+/-]{12,8192}={0,2})/gi,
    accept: (secret) => /\d/.test(secret) || looksRandom(secret) || /[A-Z].*[A-Z]/.test(secret),
  },
  {
    kind: 'basic-auth',
    hints: ['basic'],
    pattern: /(?<before>\bBasic\s{1,4})(?<secret>[A-Za-z0-9+/]{6,2048}={0,2})/gi,
    accept: (secret) =>
      /^[\x20-\x39\x3b-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(secret, 'base64').toString('latin1')),
  },
  {
    kind: 'authorization',
    hints: ['authorization'],
    pattern:
      /(?<before>authorization\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?(?:(?:token|apikey|api-key|key|digest|negotiate|ntlm|splunk|aws)\s{1,4})?)(?<secret>[\w.~+/=:-]{16,8192})/gi,
    accept: (secret) => looksRandom(secret),
  },
  {
    kind: 'cookie',
    hints: ['cookie'],
    pattern:
      /(?<before>\b(?:set-)?cookie\\?["']?\s{0,4}[:=]\s{0,4})(?<secret>"[^"]{1,8192}"|[^"\r\n]{1,8192})/gi,
    accept: (secret) => /[\w.-]\s?=\s?[^\s;]/.test(secret) && !secret.includes('[masked '),
  },
  {
    kind: 'session-cookie',
    hints: ['sessionid', 'sessid', 'connect.sid', '_session=', 'auth_session'],
    pattern:
      /(?<before>\b(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|sessionid|\w{1,40}_session)=)(?<secret>[^\s;,"'&]{8,4096})/g,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'url-password',
    hints: ['://'],
    pattern:
      /(?<before>\b[a-z][a-z0-9+.-]{1,24}:\/\/[^\s/:@"'<>]{0,128}:)(?<secret>[^\s"'<>]{1,256})(?=@)/gi,
    accept: (secret) => !isPlaceholder(secret) && !/^\d{1,5}[/?#]/.test(secret),
  },
  {
    kind: 'url-token',
    hints: ['://'],
    pattern: /(?<before>\bhttps?:\/\/)(?<secret>[\w-]{20,256})(?=@)/gi,
    accept: looksRandom,
  },
  {
    kind: 'jdbc-password',
    hints: ['jdbc:'],
    pattern: /(?<before>jdbc:oracle:\w{1,10}:[^\s/@:]{1,64}\/)(?<secret>[^\s@/]{1,128})(?=@)/gi,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'connection-string',
    hints: ['password', 'pwd'],
    pattern:
      /(?<before>(?:^|[;"'\s])(?:password|pwd)\s{0,3}=\s{0,3})(?<secret>[^;"'[\s][^;"']{0,255})(?=[;"']|$)/gi,
    accept: (secret, { line }) =>
      !isPlaceholder(secret) &&
      /(?:^|[;"'\s])(?:server|data source|host|addr|address|user id|uid|initial catalog|database|endpoint)\s{0,3}=[^;]{1,256};/i.test(
        line,
      ),
  },
  {
    kind: 'kubeconfig-key',
    hints: ['client-key-data'],
    pattern: keyed('client-key-data', `${QUOTED}|[\\w+/=]{16,16000}`),
    accept: isValue,
  },
  {
    kind: 'docker-config-auth',
    hints: ['auth', 'identitytoken', 'dockerconfigjson', 'dockercfg'],
    pattern:
      /(?<before>\\?"(?:auth|identitytoken|registrytoken)\\?"\s{0,4}:\s{0,4}\\?"|\.?docker(?:configjson|cfg)\\?["']?\s{0,4}:\s{0,4}\\?["']?)(?<secret>[\w+/.-]{8,16000}={0,2})/gi,
    accept: (secret) => secret.length >= 12 && (/[A-Z0-9]/.test(secret) || secret.endsWith('=')),
  },
  {
    kind: 'netrc-password',
    hints: ['password', 'passwd'],
    pattern:
      /(?<before>(?:\blogin\s{1,4}\S{1,256}\s{1,4}|^\s{1,32})password\s{1,4})(?<secret>\S{1,256})(?=\s*$|\s+(?:machine|account|macdef)\b)/g,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'curl-password',
    hints: ['curl'],
    pattern:
      /(?<before>\bcurl\s(?:[^|\n]{0,300}?\s)?(?:-u|--user)[ =]?\s?["']?[^\s:"']{1,128}:)(?<secret>[^\s"']{1,256})/g,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'cli-password',
    hints: ['--', 'mysql', 'sshpass', 'redis-cli'],
    pattern:
      /(?<before>\s--?[\w-]{0,32}(?:password|passwd|passphrase|secret|token|api-?key|secret-?key|access-?key)[ =]|\bmysql(?:dump|admin)?\s[^|\n]{0,200}?\s-p|\bsshpass\s{1,4}-p\s?|\bredis-cli\s[^|\n]{0,200}?\s-a\s)(?<secret>["'][^"']{1,256}["']|[^\s"'=-][^\s"']{0,512})/g,
    accept: (secret, { before, after }) =>
      !isPlaceholder(secret) &&
      !/^(?:is|was|or|and|to|not|must|should|flag|option)$/.test(secret) &&
      !(/\s-p$/.test(before) && /^rotocol|^ort/.test(secret)) &&
      !/^=/.test(after),
  },
  {
    kind: 'sql-password',
    hints: ['identified', 'password'],
    pattern:
      /(?<before>\b(?:IDENTIFIED\s(?:WITH\s\S{1,40}\s)?BY|PASSWORD)\s{1,4}(?:PASSWORD\s)?')(?<secret>[^']{1,256})(?=')/gi,
    accept: (secret, { before, after }) =>
      !isPlaceholder(secret) &&
      (!/^password/i.test(before) || !/^'\s(?:in|of|from|for|is|not)\b/.test(after)),
  },
  {
    kind: 'redis-password',
    hints: ['requirepass', 'masterauth'],
    pattern:
      /(?<before>\b(?:requirepass|masterauth)\\?["']?[\s=:]{1,4}\\?["']?)(?<secret>[^\s"'[]{1,256})/gi,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'password-hash',
    hints: ['$2', '$1$', '$5$', '$6$', '$y$', '$argon2', 'pbkdf2', 'scram-sha-'],
    pattern:
      /(?<![\w$])(?:\$(?:2[abxy]|1|5|6|y|argon2(?:id|i|d))\$[\w./$=,+-]{20,300}|pbkdf2_sha\d{1,3}\$\d{1,9}\$[\w+/=$]{20,300}|SCRAM-SHA-(?:1|256)\$\d{1,9}:[\w+/=$:]{20,300})/gi,
  },
  {
    kind: 'credit-card',
    hints: [],
    pattern:
      /(?<![\w.-])(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2}|35[2-8]\d)([ -]?)\d{4}\1\d{4}\1\d{4}(?![\w.-]*\d)|(?<![\w.-])3[47]\d{2}([ -]?)\d{6}\2\d{5}(?![\w.-]*\d)/g,
    accept: passesLuhn,
  },
  {
    kind: 'kubernetes-secret',
    hints: ['secret'],
    pattern:
      /(?<before>"(?:data|stringData)\\{0,15}"\s{0,4}:\s{0,4})(?<secret>\{(?:[^{}[\]]|\[masked [\w-]+\]){1,60000}\})/g,
    accept: (secret, { line }) =>
      /"kind\\{0,15}"\s{0,4}:\s{0,4}\\{0,15}"Secret\\{0,15}"/.test(line) && /:/.test(secret),
  },
  {
    kind: 'env-value',
    hints: ['value'],
    pattern:
      /(?<before>"name\\{0,15}"\s{0,4}:\s{0,4}\\{0,15}"[\w.-]{0,80}(?:password|passwd|secret|token|api_?key|access_?key|private_?key)\\{0,15}"\s{0,4},\s{0,4}\\{0,15}"value\\{0,15}"\s{0,4}:\s{0,4}\\{0,15}")(?<secret>(?:[^"\\]|\\[^"]){1,2048})/gi,
    accept: (secret) => !isPlaceholder(secret),
  },
  {
    kind: 'password',
    hints: ['passw', 'passphrase', 'pwd', 'pass'],
    pattern: keyed('password|passwd|passphrase|(?<=[a-z0-9]_|[;?&"\'])(?:pwd|pass)'),
    accept: (secret, context) =>
      isValue(secret, context) && !(/pwd\W*$/i.test(context.before) && secret.startsWith('/')),
  },
  {
    kind: 'password',
    hints: ['password', 'passwd', 'passphrase', 'passcode'],
    pattern:
      /(?<before>\b(?:(?:password|passwd|passphrase|passcode)(?:\s(?:for|of)\s(?:(?:user|role|account)\s)?\S{1,64})?\s(?:(?:is|was)(?:\s(?:now|still))?|(?:(?:is|was|has\sbeen)\s(?:now\s)?)?(?:set|reset|changed|rotated)\sto)|(?:with|using)\s(?:the\s)?(?:password|passphrase)):?\s)(?<secret>"[^"]{1,256}"|'[^']{1,256}'|`[^`]{1,256}`|[^\s"'`]{1,256})/gi,
    accept: isSpoken,
  },
  {
    kind: 'api-key',
    hints: ['key'],
    pattern: keyed(
      'api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|auth[_-]?key|account[_-]?key|shared[_-]?key|app[_-]?key|license[_-]?key|jwt[_-]?key|ssh[_-]?key|accessKeySecret',
    ),
    accept: (secret, context) =>
      isValue(secret, context) &&
      !isReference(secret.replace(/^["']|["']$/g, '')) &&
      !(/:\s+$/.test(context.before) && /^[a-z]+$/i.test(secret)),
  },
  {
    kind: 'token',
    hints: ['token', 'jwt', 'nonce'],
    pattern: keyed('token|(?<![a-z])jwt'),
    accept: isTokenValue,
  },
  {
    kind: 'secret',
    hints: ['secret', 'credential', 'salt'],
    pattern: keyed(
      '(?<!existing|pull|tls|cert|ca|image|config|env|volume|from|ref)secret|(?<=_)credentials?|(?<=_|password)salt',
    ),
    accept: isSecretValue,
  },
];

function passesLuhn(digits: string): boolean {
  const numbers = [...digits.replace(/\D/g, '')].map(Number).reverse();
  if (new Set(numbers).size < 2) return false;
  const sum = numbers.reduce((total, digit, index) => {
    if (index % 2 === 0) return total + digit;
    return total + (digit * 2 > 9 ? digit * 2 - 9 : digit * 2);
  }, 0);
  return sum % 10 === 0;
}
