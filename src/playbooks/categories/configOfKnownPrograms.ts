import { fact, proof, type Match, type Refinement, type Signal } from '../playbook';

/** What is written without a variable that nobody set reads like a mistake in the file. */
function unlessUndefined({ before }: Match): Refinement | null {
  const undefinedAbove = before.some(({ message }) => /\$\{\w+\} is not defined/.test(message));
  return undefinedAbove ? null : {};
}

/** How servers and tools that are known by their wording tell of their own configuration. */
export const ofKnownPrograms: readonly Signal[] = [
  // Airlift (Trino), which only warns where it goes on; ClickHouse; Micronaut, which says the same of
  // a request
  proof(/\bConfiguration property '[\w.-]+' was not used\b/, {
    weight: 0.85,
    refine: ({ before }) =>
      before.some(({ message }) => /\bConfiguration errors?:/.test(message)) ? {} : null,
  }),
  proof(/\bFailed to merge config with '[^']{1,200}': \w*Exception/, { weight: 0.9 }),
  proof(/\bFailed to convert argument \[\w+\] for value \[[^\]]{0,200}\]/, {
    weight: 0.85,
    refine: ({ before }) =>
      before.some(({ message }) => /\bError (?:starting|instantiating)\b/.test(message))
        ? {}
        : null,
  }),
  // Kestrel
  proof(/\bUnable to configure HTTPS endpoint\. No server certificate was specified/i, {
    weight: 0.9,
  }),
  // Web servers and proxies
  proof(
    /\[emerg\].*(?:unknown directive|invalid (?:number of arguments|parameter|value|port|URL)|unexpected ["'}]|is not terminated by|directive is (?:not allowed|duplicate)|unknown .{1,80} variable|conflicting|unexpected end of file)/i,
    {
      weight: 0.9,
      // What a controller wrote from its ingresses is no file of the user's.
      unless: /\/nginx-cfg\d/,
    },
  ),
  proof(/(?:nginx: )?configuration file (?<path>\S+) test failed/i, { weight: 0.8 }),
  proof(
    /\[ALERT\].*(?:parsing \[|unable to find required|Error\(s\) found in configuration|Fatal errors found in configuration)/i,
    {
      weight: 0.9,
    },
  ),
  proof(
    /AH00526: Syntax error on line \d+ of (?<path>[^\s:]+)|Invalid command '[^']+', perhaps misspelled/i,
    { weight: 0.9, refine: unlessUndefined },
  ),
  proof(/Bungled (?<path>\S+) line \d+/i, { weight: 0.9 }),
  proof(
    /adapting config using caddyfile|Caddyfile:\d+|Error during parsing: (?:Unknown directive|Wrong argument)/i,
    {
      weight: 0.85,
    },
  ),
  proof(/Protobuf message \(type envoy\S* .*has unknown fields|error initializing config/i, {
    weight: 0.85,
  }),
  proof(/\[ALERT\][^\n]{0,60}No enabled listener found/i, { weight: 0.9 }),
  proof(/upstream sent too big header|rewrite or internal redirection cycle/i, { weight: 0.8 }),
  proof(/client intended to send too large (?:chunked )?body/i, { weight: 0.45 }),
  // Name servers: a zone file that does not load
  proof(/\bdns_(?:master_load|rdata_fromtext): (?<path>[^\s:]+):\d+: /i, { weight: 0.85 }),
  proof(/zone \S+: (?:loading from master file (?<path>\S+) failed|not loaded due to errors)/i, {
    weight: 0.8,
    unless: /file not found|permission denied/i,
  }),
  proof(/plugin\/loop: Loop [^\n]{0,80}detected for zone/i, { weight: 0.85 }),
  // Databases, brokers
  proof(/\bvm\.max_map_count \[?\d+\]? is too low/i, { weight: 0.9 }),
  proof(/PRECONDITION_FAILED - inequivalent arg/i, { weight: 0.85 }),
  proof(/FATAL CONFIG FILE ERROR|Bad directive or wrong number of arguments/i, { weight: 0.95 }),
  proof(
    /configuration file "?(?<path>[^\s"]+)"? contains errors|syntax error in file "[^"]+" line \d+/i,
    {
      weight: 0.9,
    },
  ),
  proof(
    /(?:FATAL: .*|\bLOG: +)(?:unrecognized configuration parameter|invalid value for parameter)/i,
    {
      weight: 0.85,
    },
  ),
  proof(/\[ERROR\].*unknown (?:variable|option) '/i, { weight: 0.9 }),
  proof(/Error parsing (?:YAML|INI|JSON|TOML) config file|Unrecognized option: [\w.]+/i, {
    weight: 0.9,
  }),
  proof(/config\.ConfigException: |Invalid value \S+ for configuration \S+/i, {
    weight: 0.9,
    unless: /No resolvable bootstrap/i,
  }),
  proof(/unknown setting \[[\w.]+\]|failed to parse (?:value|setting) \[/i, { weight: 0.85 }),
  proof(/failed_to_prepare_configuration|Error (?:preparing|generating) configuration/i, {
    weight: 0.85,
  }),
  // A data folder that belongs to something else, a mount point's lost+found among it
  proof(/directory "?(?<path>[^\s"]+)"? exists but is not empty/i, { weight: 0.8 }),
  proof(/--initialize specified but the data directory has files in it/i, { weight: 0.85 }),
  proof(/doesn't match stored clusterId|InconsistentClusterIdException/i, { weight: 0.85 }),
  proof(/\bbootstrap check(?:s failed| failure \[\d+\] of)/i, { weight: 0.65 }),
  // Unit files, compose files
  fact(/has a bad unit file setting/i, { weight: 0.8 }),
  fact(/\.(?:service|timer|socket|mount): (?:Service has no ExecStart=|.*\bRefusing\.)/i, {
    weight: 0.9,
  }),
  proof(
    /Unsupported config option for |(?:services|networks|volumes)\.[\w.-]+ Additional propert(?:y|ies) .* (?:is|are) not allowed|The Compose file .* is invalid because/i,
    { weight: 0.9 },
  ),
  fact(/Failed to parse \S+ service|Unit configuration has fatal error|bad-setting/i, {
    weight: 0.75,
  }),
  // Fluent Bit, Docker's daemon, SSH, PHP
  proof(/\[error\] \[config\] /i, { weight: 0.85 }),
  proof(/unable to configure the Docker daemon with file (?<path>[^\s:]+)/i, { weight: 0.95 }),
  proof(
    /(?:line \d+: )?Bad configuration option:? |unknown configuration variable|unknown entry '[^']+'/i,
    {
      weight: 0.85,
    },
  ),
  proof(/PHP: +syntax error, unexpected .* in (?<path>\S+\.ini)/i, { weight: 0.85 }),
  // Options that do not hold what they must, as libraries check them
  proof(/\bDataAnnotation validation failed for '\w{1,80}' members: /i, { weight: 0.85 }),
  proof(/\bFailed to configure a DataSource: 'url' attribute is not specified/i, { weight: 0.85 }),
  proof(
    /\berror unmarshaling JSON: while decoding JSON: json: (?:cannot unmarshal|unknown field)/i,
    {
      unless: /helm|templates?\//i,
    },
  ),
  // Kafka, Alertmanager, Grafana, Logback, Logstash, RabbitMQ, kubelet
  proof(/\badvertised\.listeners cannot use the nonroutable meta-address/i, { weight: 0.9 }),
  proof(/\bundefined receiver "[^"]{1,120}" used in route/i, { weight: 0.9 }),
  proof(/\bFailed to parse "(?<path>[^"]{1,200}\.ini)": /i, { weight: 0.9 }),
  proof(/\bno applicable action for \[\w{1,60}\], current ElementPath/i, { weight: 0.6 }),
  proof(/\bLogStash::ConfigurationError\b/i, { weight: 0.85 }),
  proof(/\bYou've tried to set [\w.]{1,120}, but there is no setting with that name/i, {
    weight: 0.9,
  }),
  proof(/\brunning with swap on is not supported\b/i, { weight: 0.9 }),
];
