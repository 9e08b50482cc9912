import { appName, askDescribe, askPreviousLogs, currentLogs, place, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** A missing key is a variable where the code asks the environment for it. */
function fromEnvironment({ block, groups }: Match): Refinement {
  const asked = block.some((line) =>
    /os\.environ|getenv|ENV\.fetch|ENV\[|settings|config/i.test(line.message),
  );
  return { weight: asked ? 0.9 : /_/.test(groups.variable ?? '') ? 0.7 : 0.4 };
}

/** The statuses of gRPC are written like variables. */
const statuses =
  /^(?:PERMISSION_DENIED|INVALID_ARGUMENT|NOT_FOUND|ALREADY_EXISTS|FAILED_PRECONDITION|OUT_OF_RANGE|RESOURCE_EXHAUSTED|DEADLINE_EXCEEDED|DATA_LOSS)$/;

/** What a terminal or a desktop sets; programs only ask for it and go on without. */
const ofTerminals = /^(?:TERM|DISPLAY|COLUMNS|LINES|EDITOR|PAGER|BROWSER|LANG|LC_\w+|XDG_\w+)$/;

/** Names in capitals are variables; `Name is not defined` in other spellings is code. */
function capitals({ groups }: Match): Refinement | null {
  const { variable = '' } = groups;
  return /^[A-Z][A-Z0-9_]{2,}$/.test(variable) &&
    !ofTerminals.test(variable) &&
    !statuses.test(variable)
    ? {}
    : null;
}

/** Validators print the field on a line of its own before, not always in capitals. */
function configurationOnly({ before, block }: Match): Refinement | null {
  const about = [...before, ...block];
  if (!about.some(({ message }) => /settings|config|environment|\benv\b/i.test(message)))
    return null;
  const field = about.find(({ message }) => /^\w+$/.test(message));
  return field ? { facts: { variable: field.message }, cite: field } : {};
}

/** Validators head a list with the word, and name each variable on a line of its own below. */
function namedBelow({ after }: Match): Refinement {
  const named = after.find(({ message }) => listed.test(message));
  const variable = listed.exec(named?.message ?? '')?.[1];
  return named && variable ? { facts: { variable }, cite: named } : {};
}

const listed = /^\s*(?:[-*•·] ?)?["'`]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]?(?:$|[\s:,(-])/;

/** Zod prints the field as the only member of a path, some lines away. */
function variableOfBlock({ block }: Match): Refinement | null {
  const named = block.find((line) => /^\s*"[A-Z][A-Z0-9_]{2,}",?$/.test(line.message));
  const variable = /"(\w+)"/.exec(named?.message ?? '')?.[1];
  return named && variable ? { facts: { variable }, cite: named } : null;
}

export const missingEnv: Playbook = {
  category: 'missing-env',
  layer: 'origin',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(/\bSRCFG00011: Could not expand value (?<variable>[\w.-]+)/), // Quarkus
    proof(/required variable (?<variable>\w+) is missing a value/i, { weight: 0.9 }),
    proof(/Undefined (?:array key|index):? ["'](?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["']/i, {
      refine: capitals,
    }),
    proof(/(?:environment variable not found|Err` value: NotPresent)/i),
    proof(/["'](?<variable>[A-Z][A-Z0-9_]{2,})["'],? (?:source: )?NotPresent\b/i, {
      refine: capitals,
      weight: 0.9,
    }),
    proof(
      /(?:missing|undefined|unset|absent)(?: \w+)? env(?:ironment)?(?:[ _]?var\w*)?s?:? ["'`$]*(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
      { refine: capitals, weight: 0.85 },
    ),
    // Zod's flattened errors
    proof(
      /^[ \t]*["'`]?(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]?: *\[ *["'`](?:Required|Invalid input: expected \w+, received undefined)/i,
      { refine: capitals, weight: 0.9 },
    ),
    proof(/missing value for field `?(?<variable>\w+)/i),
    proof(/\bmissing env:? ["'`$]*(?<variable>[A-Z][A-Z0-9_]+)\b/i, { refine: capitals }),
    proof(/environment variable ["'`]?(?<variable>\w+)["'`]? (?:should|must) not be empty/i, {
      weight: 0.85,
    }),
    proof(/could not fetch environment variable ["'`](?<variable>\w+)/i, { weight: 0.9 }),
    proof(
      /environment variables? ["'`](?<variable>\w+)["'`] (?:is|was|are) (?:not set|missing|required|undefined|empty|not defined|not found)/i,
      { weight: 0.85 },
    ),
    proof(/No application encryption key has been specified/i, { facts: { variable: 'APP_KEY' } }),
    proof(
      /ConnectionString property has not been initialized|Value cannot be null\. \(Parameter ["']connectionString/i,
    ),
    proof(/MissingEnvVarsError|not present in the environment/i),
    proof(/\bvariables? (?:is|are) not set: *["'`]?(?<variable>[A-Z][A-Z0-9_]+)/i),
    proof(
      /(?:missing|no) (?:API[ _-]?)?(?:key|token|secret|credentials)\b[^\n]{0,60}\bset (?:the )?["'`$]?(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
    ),
    proof(
      /(?:or|by) (?:by )?setting (?:the )?["'`$]?(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? environment variable/i,
      { unless: /optional|can be changed/i },
    ),
    proof(/NoRegionError: You must specify a region/i, { facts: { variable: 'AWS_REGION' } }),
    proof(
      /(?:^|[\s"'`])(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? (?:(?:was |is )?not (?:provided|supplied|given|present|defined)|must not be (?:empty|blank|null)|(?:cannot|can't|may not|should not) be (?:empty|blank|null|undefined))/i,
      {
        refine: capitals,
        weight: 0.8,
      },
    ),
    symptom(
      /Referenced but unset environment variable evaluates to an empty string: (?<variable>\w+)/i,
      { weight: 0.5 },
    ),
    proof(
      /(?:no|without(?: an?)?|needs|requires|expects|expected) ["'`$]*(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]* (?:in (?:the )?env|env|set|configured|provided|given|variable)/i,
      { refine: capitals },
    ),
    proof(
      /["'`]?(?<variable>[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{1,120})["'`]?:? (?:(?:is )?(?:missing|unset|undefined|required)|not set|Required|Invalid input: expected \w+, received undefined)(?:\W|$)/i,
      { refine: capitals, weight: 0.8, unless: /\d (?:missing|required)/i },
    ),
    proof(
      /env(?:ironment)?[ _]?(?:variable|var)s?[ :=]+["'`$]*(?<variable>[A-Z][A-Z0-9_]+)["'`)]* *(?:is|was|are|has|must|not|missing|required|needs)/i,
      {
        weight: 0.9,
        refine: capitals,
        unless:
          /is set\b|not required|optional|using default|defaulting|must be (?:one of|between|an? |at )/i,
      },
    ),
    proof(
      /(?:missing|required|undefined|unset|empty|set the|define|provide)[^.:]{0,40} env(?:ironment)?[ _]?(?:variable|var)s?(?: not (?:set|found))?[ :=(]+["'`$]*(?<variable>[A-Z][A-Z0-9_]+)/i,
      {
        weight: 0.9,
        refine: capitals,
      },
    ),
    proof(
      /(?:set|specify|define|provide|declare|needs?|requires?) (?:the |an? )?["'`$]*(?<variable>[A-Z][A-Z0-9_]{2,})["'`]* (?:as )?(?:an |the |in (?:the |your )?)?env(?:ironment)?\b/i,
      {
        refine: capitals,
        unless: /optional/i,
      },
    ),
    proof(
      /(?:^|[\s"'`{(,$])(?<variable>[A-Z][A-Z0-9_]{2,})["'`]*:? (?:env(?:ironment)? var(?:iable)? )?(?:is|was|must be|has to be|needs to be|value is) (?:not (?:set|defined|found|provided|specified|configured)|undefined|unset|required|missing|empty|set|provided|defined|configured|specified|a required)\b/i,
      {
        refine: capitals,
        weight: 0.8,
        unless: /is set(?:\.?$|[ ,;.]+(?:to|using|ok))|optional/i,
      },
    ),
    proof(
      /(?:missing|undefined|unset)(?: required)?(?: (?:config(?:uration)?|setting|value|key|variable|option))?s?:? ["'`$]*(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
      {
        refine: capitals,
      },
    ),
    proof(/required key ["'`]?(?<variable>[A-Z][A-Z0-9_]+)["'`]? missing value/i, { weight: 0.9 }),
    // Apache names what it does not find in `envvars`; what it then cannot read is its configuration.
    proof(/Config variable \$\{(?<variable>\w+)\} is not defined/i, {
      weight: 0.95,
      calm: true,
    }),
    proof(/required env(?:ironment)? var(?:iable)?s? /i, {
      unless: /all required|present|ok\b|loaded/i,
    }),
    proof(/(?:missing|invalid|required) env(?:ironment)?[ _]?(?:variable|var)s?/i, {
      unless: /no missing|all required|0 missing/i,
      refine: namedBelow,
    }),
    // `${NAME:?why}`: the shell prints the script, the line, the name and the words of its author.
    proof(/(?:sh|bash|ash|entrypoint): (?:line )?\d+: (?<variable>[A-Z][A-Z0-9_]+): \S/i, {
      unless: /not found|permission denied|no such file|readonly variable|is read only/i,
      refine: capitals,
      weight: 0.9,
    }),
    proof(
      /env(?:ironment)?[ _]?(?:variable|var)s? (?:is |was |are )?(?:not (?:set|found|defined|present)|missing|unset|undefined)/i,
      {
        weight: 0.8,
      },
    ),
    proof(/KeyError: ["'](?<variable>[A-Z][A-Z0-9_]{2,})["']/i, { refine: fromEnvironment }),
    proof(/key not found: "(?<variable>[A-Z][A-Z0-9_]{2,})"/i, { refine: fromEnvironment }),
    proof(/Could not resolve placeholder ["'](?<variable>[\w.-]+)["']/i, { weight: 0.85 }),
    proof(
      /\b(?<variable>[A-Z][A-Z0-9_]+): (?:unbound variable|parameter (?:not set|null or not set))/i,
      {
        weight: 0.9,
      },
    ),
    proof(/Set the (?<variable>[A-Z][A-Z0-9_]+) environment variable/i, { weight: 0.9 }),
    proof(/(?<variable>[A-Z][A-Z0-9_]{1,120}) not found\. Declare it as envvar/i, { weight: 0.9 }),
    proof(/One or more environment variables failed assertions: (?<variable>\w+) is missing/i),
    proof(/You must specify (?<variable>[A-Z][A-Z0-9_]{3,})/i),
    proof(/Database is uninitialized and (?:superuser )?password (?:option )?is not specified/i, {
      weight: 0.9,
    }),
    proof(/Field required \[type=missing/i, { refine: configurationOnly }),
    proof(
      /^[ \t]*"?(?:received"?: "undefined"|message"?: "(?:Required|Invalid input: expected \w+, received undefined)")/i,
      {
        refine: variableOfBlock,
      },
    ),
    proof(/validation errors? for \w*(?:Settings|Config\w*)\b/i, { weight: 0.6 }),
    proof(/Missing ["'`]secret_key_base["'`]/i, { facts: { variable: 'SECRET_KEY_BASE' } }),
    proof(/The SECRET_KEY setting must not be empty/i, { facts: { variable: 'SECRET_KEY' } }),
    proof(
      /process\.env\.(?<variable>[A-Z][A-Z0-9_]+) (?:is |was )?(?:undefined|not set|missing|required)/i,
    ),
    symptom(
      /The ["'\\]*(?<variable>[A-Z][A-Z0-9_]+)["'\\]* variable is not set\. Defaulting to a blank/i,
      {
        weight: 0.5,
      },
    ),
    proof(/The config property (?<variable>[\w.-]+) is required but it could not be found/i, {
      weight: 0.95,
    }),
    proof(
      /\bconnection string (?:["'][\w.:-]+["'] )?(?:was |is |has )?not (?:been )?(?:found|set|configured|provided|specified)\b|No connection string named ["'](?<variable>[\w.:-]+)["'] (?:could be )?found/i,
      { weight: 0.8, unless: /insights|telemetry|disabled|in-memory|optional/i },
    ),
    // Programs that print what nobody replaced, or what they wanted it for
    proof(/\bCould not resolve substitution to a value: \$\{(?<variable>[A-Z][A-Z0-9_]+)\}/i, {
      weight: 0.9,
      refine: capitals,
    }),
    proof(/\bCould not resolve placeholder \$\{(?<variable>[\w.-]+)\}/i, { weight: 0.85 }),
    proof(/\bhost not found in upstream "\$\{(?<variable>\w+)\}/i, { weight: 0.9 }),
    proof(/\[next-auth\]\[error\]\[NO_SECRET\]/i, {
      weight: 0.9,
      facts: { variable: 'NEXTAUTH_SECRET' },
    }),
    proof(/\bCredentials are required to create a TwilioClient/i, { weight: 0.85 }),
  ],
  extract: [
    /^[ \t]*["'`]?(?<variable>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]?:? *(?:\[ ?["'`])?(?:Required|undefined|Missing|Invalid input|is required)/i,
  ],
  keywords: ['configuration', 'environment'],
  summary: (situation) => {
    const { variable } = situation.facts;
    return `${who(situation)} stops at its start because ${variable ? `the variable ${variable} is` : 'a variable that it needs is'} not set.`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'names the variable'),
    ...askDescribe(situation, 'shows which variables the container gets, and from where'),
  ],
  collect: (situation) => [
    currentLogs(situation),
    `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
  ],
  advice: (situation) => ({
    summary: `Set ${situation.facts.variable ?? 'the variable'} in the workload's values. Its value is never invented here: take it from another environment's values, the history, or whoever owns it.`,
    commands: [
      {
        title: 'See which variables are set',
        command: `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
      },
      {
        title: 'Look for it in the repository',
        command: `git grep -n ${situation.facts.variable ?? '<variable>'}`,
      },
    ],
  }),
};
