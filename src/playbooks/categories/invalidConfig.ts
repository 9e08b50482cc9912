import { appName, askPreviousLogs, currentLogs, place, previousLogs, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { ofKnownPrograms } from './configOfKnownPrograms';

/** A parser’s complaint is about configuration only where a file of it, or the word, is near. */
const configuration =
  /config|settings?\b|\.(?:ya?ml|toml|ini|conf|properties|env|cfg)\b|\.json\b|values/i;
const plainJson = /config|settings|\.json['":\s]/i;

/** A file that people hand in is data, whatever its name ends in. */
const asData = /\b(?:skipp|ignor|upload|import)|\b(?:rows?|records?)\b/i;

function near(words: RegExp): (match: Match) => Refinement | null {
  return ({ before, block, line }) =>
    [...before, line, ...block].some((it) => words.test(it.message)) ? {} : null;
}

/** What is missing altogether is another category. */
const missing =
  /\brequired\b|not set|Set the \w+ env|Input required|no such file|not found|cannot find/i;

/** A file that the program can do without. */
const absent = /default|optional|skipp|ignor|fall(?:ing)? ?back/i;

/** Of files that are not there, those that a program is configured with. */
function ofConfig({ groups }: Match): Refinement | null {
  return /conf|settings/i.test(groups['path'] ?? '') ? {} : null;
}

/** An address that is no address may be a client's: it is the program's own where that ends of it. */
function ofOwn({ line }: Match): Refinement {
  const isOwn = line.level === 'fatal' || /^panic: |\b(?:listen|dial|bind)/.test(line.message);
  return isOwn ? {} : { weight: 0.45 };
}

export const invalidConfig: Playbook = {
  category: 'invalid-config',
  layer: 'origin',
  endsProgram: true,
  severity: 'high',
  signals: [
    ...ofKnownPrograms,
    // An address that the host does not have
    proof(
      /\b(?:listen|bind)\b[^\n]{0,120}(?:cannot assign requested address|EADDRNOTAVAIL)|EADDRNOTAVAIL[^\n]{0,60}\blisten\b|bind\(\) to \S{1,60} failed \(99: /i,
      { weight: 0.8, unless: /::1|\[::|\bon :: |\bdial tcp\b|^(?:\S+ )?warning/i },
    ),
    // What a line of a file says, told as a compiler would
    proof(
      /\berror: ?(?:[\w./-]{1,120}(?:\.conf|\.cfg|rc|\.ini|\.d\/\S{1,40})|\w{1,40}):\d{1,6}:? (?:bad|unknown|unexpected|invalid|missing|duplicate|unbalanced|lines must begin)\b/i,
      { weight: 0.7 },
    ),
    // Rules of a monitor
    proof(/could not parse (?:expression|rule)|loading groups failed/i, {
      weight: 0.8,
      refine: near(configuration),
    }),
    proof(
      /failed to parse (?<path>\S+\.(?:hcl|toml|ya?ml|conf|cfg|ini|properties)): ?(?:line )?\d+/i,
      { weight: 0.85, unless: asData },
    ),
    // Any program that says so
    proof(
      /(?:load|read|pars|validat|decod|apply)\w* (?:the |its )?(?:config\w*|settings)(?: file)?(?: \S+)? (?:has )?failed\b/i,
      { weight: 0.75, unless: /no such file|not found|ENOENT|permission denied|timed? ?out/i },
    ),
    proof(
      /(?:error|failed|failure|unable|cannot|could not|couldn't|problem) (?:\w+ )?(?:to )?(?:load|read|pars|process|validat|decod|unmarshal|apply)\w*(?: the| its)?(?: \w+){0,2} (?:config\w*|settings)\b/i,
      {
        weight: 0.75,
        unless:
          /no such file|not found|ENOENT|permission denied|ConfigMap|connection|timed? ?out|kubeconfig|no network config found|cgroup configuration/i,
      },
    ),
    proof(
      /\b(?:invalid|bad|malformed|illegal|wrong|broken) (?:\w+ )?(?:config(?:uration)?|settings?)\b/i,
      {
        weight: 0.75,
        unless: /0 invalid|no invalid|missing|required|not set/i,
      },
    ),
    proof(
      /config(?:uration)?(?: file)? (?:is invalid|error|validation (?:error|failed)|is not valid|contains? (?:an )?(?:errors?|invalid))\b/i,
      {
        weight: 0.75,
        unless: missing,
      },
    ),
    proof(/Failed to bind properties under '[^']+' to|Failed to convert configuration value at/i, {
      weight: 0.9,
      refine: ({ after }) =>
        after.some(({ message }) => /Could not resolve placeholder/.test(message)) ? null : {},
    }),
    proof(/OptionsValidationException|ImproperlyConfigured\b/i, {
      weight: 0.8,
      unless: new RegExp(`${missing.source}|Error loading [\\w ]+ module`, 'i'),
    }),
    proof(/validation errors? for \w*(?:Settings|Config)\w*/i, {
      weight: 0.8,
      refine: ({ block, after }) =>
        [...block, ...after].some((it) => missing.test(it.message)) ? null : {},
    }),
    proof(
      /(?:environment|env) (?:variables?|vars?)\b.*\b(?:invalid|must be|malformed)|invalid environment variables?/i,
      {
        weight: 0.7,
        unless: missing,
      },
    ),
    proof(
      /(?:invalid|bad|illegal) (?:value|port|format|duration|url|option)\b.*\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b.*(?:must be (?:a|an|one of|between|greater|less|positive)|is not a valid|invalid (?:value|integer|number|url|duration))/,
      {
        weight: 0.75,
      },
    ),
    // The name before it is that of a variable
    proof(
      /\b(?<variable>[A-Z][A-Z\d]{0,30}_[A-Z\d_]{1,60})\b["':= ]{1,4}strconv\.(?:Parse\w{2,5}|Atoi): parsing /,
      {
        weight: 0.85,
        unless: /\b(?:rows?|columns?|query|params?|headers?|requests?|records?|skipped|import)\b/i,
      },
    ),
    proof(/envconfig\.Process: assigning|parse error on field "?\w+"? of type/i, { weight: 0.85 }),
    // Parsers of configuration files
    proof(
      /yaml\.(?:scanner|parser)\.\w+Error|YAMLException|YAMLSyntaxError|YAMLParseError|Psych::SyntaxError|snakeyaml\S*(?:Scanner|Parser)Exception/i,
      {
        weight: 0.75,
      },
    ),
    proof(
      /\byaml: (?:line \d+: |unmarshal errors|mapping values)|error (?:parsing|unmarshal\w*|converting) YAML/i,
      {
        weight: 0.7,
        unless: /helm|templates?\//i,
      },
    ),
    proof(
      /TOML parse error at line|TOMLDecodeError|\btoml: (?:line|expected)|MissingSectionHeaderError/i,
      {
        weight: 0.8,
      },
    ),
    proof(
      /JSONDecodeError|Unexpected (?:token|end of JSON)|Expected .* in JSON|invalid character .* looking for/i,
      {
        weight: 0.65,
        unless: asData,
        refine: near(plainJson),
      },
    ),
    symptom(/(?:line \d+,? column \d+|at line \d+)/i, { weight: 0.2, refine: near(configuration) }),
    // Addresses and connection strings
    proof(/\baddress \S{1,80}: (?:invalid port|missing port in address|too many colons)/i, {
      refine: ofOwn,
    }),
    proof(/\blookup (?:tcp|udp)\/[\w-]+: /i, { weight: 0.85 }),
    proof(
      /Invalid scheme, expected connection string|Invalid connection (?:string|option)|\binvalid DSN\b|Could not parse (?:SQLAlchemy|rfc1738) URL/i,
      { weight: 0.8 },
    ),
    proof(
      /initialization string does not conform to specification|\bERR_INVALID_URL\b|: Invalid character in scheme/i,
      { weight: 0.75 },
    ),
    proof(/\bparse "[^"\s]{1,200}": (?:missing|invalid|first path segment|net\/url)/i, {
      weight: 0.82,
      refine: ofOwn,
    }),
    proof(
      /Could not parse the (?:JSON|XML|INI) file|ConfigException\$(?:Parse|WrongType|BadValue|BadPath|IO|UnresolvedSubstitution|ValidationFailed)\b/i,
    ),
    proof(
      /(?:FATAL: +database|Unknown database) ["'](?<database>[^"']+)["'](?: does not exist)?/i,
      {
        weight: 0.7,
        // A health check that names no database asks for that of its user.
        unless: /\[\d+\](?: \S+)? FATAL: {2}database "root" does not exist/,
      },
    ),
    // Key material that does not fit or cannot be read
    proof(
      /private key does not match public key|key values mismatch|failed to find any PEM data in|could not load PEM client certificate|\bPEM_read_bio\w{0,40}[^\n]{0,60}no start line|\bno start line\b[^\n]{0,40}PEM/i,
      { weight: 0.85 },
    ),
    proof(/keystore password was incorrect|Keystore was tampered with|UnrecoverableKeyException/i, {
      weight: 0.85,
    }),
    // The file that the program was told to read
    proof(
      /(?:^|[\s"'=(])(?<path>\/[\w.-]{0,40}(?:\/[\w.-]{1,40}){0,8}\.(?:ya?ml|toml|ini|conf|cfg|json|properties))['"’]?: (?:open [^:\n]{1,200}: )?no such file/i,
      { weight: 0.62, unless: absent, refine: ofConfig },
    ),
    proof(
      /No such file or directory:? ["'](?<path>\/[^"'\n]{1,280}\.(?:ya?ml|toml|ini|conf|cfg|json|properties))["']/i,
      { weight: 0.62, unless: absent, refine: ofConfig },
    ),
  ],
  recovery: [/\bchannel (?:\S{1,80} )?(?:is )?(?:re-?opened|recovered|restored)\b/i],
  keywords: ['configuration'],
  summary: (situation) => {
    const file =
      situation.facts.path ??
      /(\/[\w./-]{1,80}\.(?:conf|cfg|ya?ml|json|toml|ini|properties))/i.exec(situation.proof)?.[1];
    return `${who(situation)} does not start, because its configuration${file ? ` (${file})` : ''} is not valid.`;
  },
  questions: (situation) =>
    askPreviousLogs(situation, 'names the file, the line and what is wrong with it'),
  collect: (situation) => [
    previousLogs(situation),
    currentLogs(situation),
    `kubectl get configmaps${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Correct what the message names. Check the file with the program’s own check before it is rolled out (nginx -t, haproxy -c, promtool check config …).',
    commands: [
      { title: 'See what it says', command: previousLogs(situation) },
      {
        title: 'See what changed',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
