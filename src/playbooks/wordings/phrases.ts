import { tells, type Wording } from './wording';

/** Turns of phrase that tell it alone. */
export const phrases: readonly Wording[] = [
  tells('tls-name-mismatch', [
    /\bSANs?\b|\bsubject alternative names?\b|\bname on (?:the )?cert\w*|\bwildcard \S+ does not (?:match|cover)\b|\bnot (?:appear in|among the names of) the cert\w*/i,
  ]),
  tells('tls-expired', [
    /\bnotAfter\b|\bcert\w*.{0,40}\b(?:end of life|lifetime is over|past its|too old)\b/i,
  ]),
  tells('tls-untrusted', [
    /\broot (?:we|that we) (?:don't|do not) trust\b|\btrust(?:ed)? anchor\b|\bsigner of\b|\bits own root\b|\broot not recogni[sz]ed\b|\bchain (?:of|ends)\b.{0,40}\broot\b/i,
  ]),
  tells('webhook-unavailable', [
    /\bweb-?hook\b.{0,20}\b(?:not up yet|gives 5\d\d|service has (?:zero|no) pods)\b/i,
  ]),
  tells('admission-denied', [
    /\bvetoed\b|\bopa rule\b|\badmission said no\b|\bvalidatingadmissionpolicy\b|\bdenied by (?:the )?(?:admission|cluster) polic/i,
  ]),
  tells('control-plane-unavailable', [
    /\b(?:kube|kubernetes|k8s) ?api\b.{0,60}\b(?:not respond|unreachable|timeout|timed out|refused)\b|\btimeout with kubernetes\.default\b/i,
  ]),
  tells('docker-unreachable', [
    /\bdocker (?:api|daemon|desktop|engine)\b.{0,40}\b(?:EOF|not started|not running|gone|no answer)\b/i,
  ]),
  tells('autoscaler-failed', [/\breplica count is (?:frozen|stuck)\b|\basg launch failed\b/i]),
  tells('node-not-ready', [
    /\bdoes not report in\b|\bstill unready\b|\bCNI is not initiali[sz]ed\b|\bno heartbeats? from (?:the )?node\b/i,
  ]),
  tells('rollout-blocked', [
    /\bnew (?:version|revision)\b.{0,60}\b(?:not get ready|never took traffic|not become healthy)\b|\brelease \S+ is held\b|\bupdate of (?:daemonset|deployment|statefulset)\b.{0,40}\bnot advance\b|\bnew replicas have been updated\b/i,
  ]),
  tells('deploy-sync-failed', [/\bOutOfSync\b|\bapply of (?:the )?stack\b.{0,40}\berror\b/i]),
  tells('database-deadlock', [
    /\bwaited for each other\b.{0,40}\b(?:table|rows?|db)\b|\bas the (?:loser|deadlock victim)\b|\block cycle\b/i,
  ]),
  tells('database-connections-exhausted', [
    /\blent out\b|\bnothing left for pool\b|\bsimultaneous database connections\b|\btoo many clients already\b/i,
  ]),
  tells('database-locked', [
    /\bflock on\b.{0,60}\bnot obtained\b|\bdatabase file already in use\b|\b(?:sqlite|db) file is busy\b/i,
  ]),
  tells('database-slow-query', [
    /\bmax_execution_time\b|\bmax statement time\b|\bstatement_timeout\b/i,
  ]),
  tells('database-auth', [/\bpg_hba\b/i]),
  tells('database-unavailable', [/\bdatabase is (?:starting up|shutting down|in recovery)\b/i]),
  tells('cache-unavailable', [/\bno master known to sentinel\b|\bread-?only replica answered\b/i]),
  tells('broker-partitioned', [
    /\bnot enough (?:in-sync )?replicas\b|\bhas no majority\b|\breplicas? of topic\b.{0,40}\bin sync\b/i,
  ]),
  tells('consumer-lag', [/\bprocessing delay for partition\b|\biterator age\b/i]),
  tells('cpu-throttled', [/\bnr_throttled\b|\bstarved of processor\b/i]),
  tells('oom-killed', [/\bkernel\b.{0,60}\bout of memory\b/i]),
  tells('oom-killed', [/\b(?:reaped|killed) by (?:the )?c?group\b/i]),
  tells('volume-mount-failed', [
    /\bvolumes? of (?:the )?pod\b.{0,40}\b(?:set up|mounted|attached)\b/i,
  ]),
  tells('fd-exhausted', [/\berrno 24\b|\b\d+ files open\b|\binotify instances\b/i]),
  tells('thread-exhausted', [/\bnewosproc\b|\bsaturated \(\d+ threads\)/i]),
  tells('port-exhausted', [/\bno nodePort left\b|\brange \d+-\d+ (?:is )?full(?:y in use)?\b/i]),
  tells('port-in-use', [
    /\balready listening on\b|\bcollides with another listener\b|\bport \d+ was claimed\b|\bwanted \d{2,5} but\b|\bbound by others\b/i,
  ]),
  tells('permission-denied', [
    /\bno execute bit\b|\brequires privileges\b|\bnot writable for\b|\bwon't let us (?:look|write|read|open)\b|\bbelongs to root\b/i,
  ]),
  tells('missing-env', [/\b(?:KeyError|NameError|TypeError)\b.{0,60}\benviron(?:ment)?\b/i]),
  tells('invalid-config', [
    /\b(?:config|settings|feature|flags?|rules?) file\b.{0,20}\b(?:is )?malformed\b|\bmalformed (?:YAML|TOML)\b/i,
  ]),
  tells('bad-command', [
    /\bsubcommand\b.{0,20}\bnot\b|\bunrecogni[sz]ed (?:flag|option|argument)\b|\bCMD asks\b|\bbad shebang\b|\binterpreter \S+ isn't there\b/i,
  ]),
  tells('dependency-missing', [
    /\bnot bundled\b|\bdepends on\b.{0,60}\bn(?:o|')t deployed\b|\bneeds (?:jar|lib\w*|module|package)\b.{0,60}\b(?:none|missing|absent)\b/i,
  ]),
  tells('version-incompatible', [
    /\bbuilt for\b.{0,40}\bbut runs on\b|\bclass file version\b|\bno longer accepted by\b|\bn(?:o|')t served by this cluster version\b|\breads formats\b/i,
  ]),
  tells('migration-failed', [/\bschema update\b.{0,40}\b(?:unsuccessful|fail|error|abort)/i]),
  tells('startup-failed', [
    /\bbootstrap unsuccessful\b|\bon-boot steps?\b|\bapp is not starting\b/i,
  ]),
  tells('connection-refused', [/\bRST on connect\b|\bconnect on port \d+ bounces\b/i]),
  tells('connection-timeout', [/\barrives too late\b|\bafter a silent minute\b/i]),
  tells('connection-reset', [
    /\bgot a RST\b|\btorn down by (?:the )?(?:remote|peer)\b|\bresets every connection\b/i,
  ]),
  tells('dns-failure', [/\bhost \S+ has no address\b/i]),
  tells('no-endpoints', [
    /\bzero ready pods\b|\bno backend alive\b|\b0 hosts available\b|\bcontains nothing ready\b|\b0 up, \d+ down\b/i,
  ]),
  tells('upstream-5xx', [/\bHTTP 50[0234]\b|\bend in a 5xx\b|\btheir side says 5\d\d\b/i]),
  tells('unauthorized', [
    /\bnot recogni[sz]e our (?:client|key|token|credentials)\b|\bwithout valid session\b|\bcredentials missing\b|\bcan't be authenticated\b/i,
  ]),
  tells('forbidden', [/\bno right to\b|\bnot entitled\b|\bforbids us\b|\bmay not read\b/i]),
  tells('rate-limited', [
    /\btoken bucket\b.{0,40}\bempty\b|\bthrottled (?:call|by)\b|\bProvisionedThroughputExceeded\b|\btoo many messages from\b/i,
  ]),
  tells('job-deadline-exceeded', [
    /\bshould have been done by\b|\boverstayed\b|\bout of time after\b/i,
  ]),
  tells('application-hung', [
    /\bis frozen, its last\b|\blast sign of life\b|\bon the same mutex\b|\bwithout a single iteration\b/i,
  ]),
  tells('shutdown-timeout', [/\bgraceful stop exceeded\b|\bstop exceeded its budget\b/i]),
  tells('stack-overflow', [
    /\bcall stack\b.{0,30}\b(?:used up|no more|exhausted)\b|\bstack (?:went over|ends)\b|\bblew the stack\b|\bstack of \S+(?: \d+)? is full\b/i,
  ]),
  tells('traffic-overload', [
    /\bfar over what\b|\bincoming rate\b.{0,60}\bover\b|\binbound\b.{0,30}\bsaturated\b/i,
  ]),
];
