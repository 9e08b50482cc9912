import { isAnswered, isServerError } from '../read/answers';
import { isHealthy, isMadeUp, type Condition, type Pod } from '../read/picture';
import type { LogLine } from '../read/logLine';
import type { Reading } from '../read/reading';
import { namesException } from '../read/stackTrace';
import { isTyped } from '../read/typed';
import { statementStart } from '../read/statement';
import { citationOf } from './findings';
import { isWell } from './health';
import { wasOvercome } from './overcome';
import { answeredElsewhere, isBehind, isUnresolved } from './recovery';
import { standingTrouble } from './standing';
import { isGuess } from './visitors';
import { voicesIn } from './voice';
import type { Citation } from '../../incident/evidence';
import type { Hit } from './search';

/** Words of failure, unless they are the first half of a name such as `error-reporter`. */
const complaint =
  /\b(?:errors?|fail(?:ed|ure|s|ing)?|exception|fatal|panic|timed? ?out|crash(?:ed|ing)?|unavailable|refused|killed|aborted|terminated|unreachable|rejected|partiallyfailed|went wrong|n[o']t go as planned|unsuccessful(?:ly)?|not (?:succeed|successful)|bad gateway|gateway time-?out|cannot|could not|unable to)\b(?!-\w)/i;
const harmless =
  /\b\w{0,80}(?:errors?|fail\w{0,20}|timeouts?|restarts?)(?:_\w{1,80})?(?:\{[^}]{0,400}\})? 0(?:\.0+)?$|\b(?:killed|terminated|aborted|stopped) successfully|(?:errors?|fail(?:ed|ures?)?|exceptions?|timeouts?|rejected|restarts?)["']?\s*[=:]\s*["']?0\b|(?<!\d\.)\b(?:0|no|zero|without) (?:\w+ )?(?:errors?|fail(?:ed|ures?)|exceptions?|timeouts?)\b|fail(?:ed|ure)?[_-](?:threshold|timeout|over)|error[_-]?(?:handler|page|log|reporting|level)|max_fails|background worker .{0,200} exited with exit code 1|\w_error:\s{0,40}$|"exitCode": ?143\b|^(?:\S{1,200}:\d{1,6}: )?(?:Resource|Deprecation|PendingDeprecation|Future|User|Runtime|Syntax)Warning: |^Timeout: [\d.]+ seconds \.\.\.$|\bError: 18456, Severity: 14\b|favicon\.ico|robots\.txt|apple-touch-icon|duplicate key value violates|(?:client|peer|user|remote host),? (?:prematurely |it (?:has )?probably )?(?:closed|disconnected|canceled|cancelled|aborted)|broken pipe|context canceled|gracefully|was sent SIG(?:TERM|INT|QUIT|HUP)|client denied by|\bFailed \w[\w/-]* for (?:invalid user )?\S* ?from \S+ port \d+ ssh2|(?:invalid|malformed|bad) (?:URI|HTTP)\b|received (?:signal )?(?:SIGTERM|SIGINT|15|2)\b|SIGTERM received|error[_-]?(?:log|rate|budget|count|boundary)\b|open\(\) "[^"]*" failed \(2: No such file or directory\), client:|^debconf: |ActionController::RoutingError\b|No route matches \[|TLS handshake error from|kex_exchange_identification: |\bpam_unix\(sshd:auth\): |\[preauth\]$|returned error: No such container|required revision has been compacted|Client parser ERROR|ACPI (?:BIOS )?Error|Correctable Errors collector|errors=remount-ro|while SSL handshaking, client:|Could not reliably determine|\[\d+\](?: \S+)? FATAL: {2}database "root" does not exist|has yet to be successful|status check may not have completed yet|failed to load cni during init|\[SHOULD NOT HAPPEN\]|\b[\w.-]{1,60}\/\d{1,3}: SSL handshake failure\b|Login failed: \S{1,80} \(Remote IP|(?:errors?|fail(?:ed|ures?))\b[^.]{0,30} (?:are|is|will be) (?:reported|logged|sent|mailed|retried|counted|ignored|skipped|shown)\b/i;
/** The header of a table, and a row of one that counts. */
const ofTable =
  /^[A-Z][A-Z_()%/-]*(?: {1,40}[A-Z][A-Z_()%/-]*){2,20}$|^\S{1,120}(?:\s{1,40}\d{1,15}){2,12}$/;
/** What happens when clients leave, servers stop and two write at once, unless somebody gives up. */
const everyday =
  /could not receive data from client|the object has been modified; please apply|\bhttp: Server closed\b/i;
const exits =
  /exit(?:ed)?(?: with)?(?: code| status)?[ =:(]+(?!143\b)[1-9]\d*\b|\b(?:status|code) 1[2-4]\d\b|(?:ended|finished|stopped) with (?:exit )?(?:status|code) [1-9]\d{0,2}\b(?<! [23]\d\d)|code=exited, status=[1-9]|Failed with result|exitCode=(?!143\b)[1-9]/i;

/** Warnings of a caller that did not get what it asked for. */
const gaveUp =
  /timed? ?out\b|deadline exceeded|\bgiv(?:ing|en|e)s? up\b|gave up|no (?:response|answer|reply)\b|attempts? (?:exhausted|failed)|unreachable|unavailable|circuit (?:breaker )?(?:is )?open/i;
const stops = /\b(?:cannot continue|exiting)\b/i;
/** So many of them are no accident. */
const manyWarnings = 3;

/** Matches behind which an earlier complaint is history. */
const settles: ReadonlySet<string> = new Set(['got-over', 'recovery', 'provoked']);

/**
 * Lines that show that something is wrong, though not what: the log ends in trouble, or a pod is
 * not well. Empty for healthy evidence.
 */
export function troubleIn(reading: Reading, hits: readonly Hit[]): Citation[] {
  return [
    ...reading.picture.pods
      .filter((pod) => !isHealthy(pod) && !isMadeUp(pod, reading.picture.pods))
      .map(signOf),
    ...reading.picture.pods.flatMap((pod) => recentDeaths(pod, reading.picture.latest)),
    ...reading.picture.events
      .filter((event) => event.type === 'Warning' && !event.over)
      .map((event) => event.citation),
    ...reading.picture.starts.map((starts) => starts.citation),
    ...reading.picture.lacking.map((workload) => workload.citation),
    ...reading.picture.conditions.filter(isUnwell).map((condition) => condition.citation),
    ...reading.picture.offline.map((service) => service.citation),
    ...standingTrouble(reading.lines),
    ...troubleInLogs(reading.lines, hits),
  ];
}

const wanted = /^(?:Ready|Available|Synced|Healthy|Established)$/;
const unwanted = /^(?:NotReady|Failed|Degraded|Stalled|ReplicaFailure)$/;

/** A controller says of an object, whatever its kind, that it is not as it should be. */
function isUnwell({ type, status }: Condition): boolean {
  return wanted.test(type) ? status === 'False' : unwanted.test(type) && status === 'True';
}

/** After this time a restart is history. */
const recentSeconds = 6 * 3600;

/** The exit code of a program that ended on SIGTERM, which is how everybody stops one. */
const asksToEnd = 143;

/** Ends of a container that runs again, unless they were long ago. */
function recentDeaths(pod: Pod, latest: number | null): Citation[] {
  return pod.containers.flatMap((container) => {
    const { lastState, restarts, restartedAgo } = container;
    if (restartedAgo !== null) {
      return restartedAgo < recentSeconds && restarts ? [restarts.citation] : [];
    }
    if (!lastState?.exitCode || lastState.exitCode.value === 0) return [];
    const { finishedAt } = lastState;
    const asked = lastState.exitCode.value === asksToEnd && (restarts?.value ?? 0) <= 1;
    const old =
      latest !== null && finishedAt !== null && latest - finishedAt > recentSeconds * 1000;
    return old || (asked && isHealthy(pod)) ? [] : [lastState.exitCode.citation];
  });
}

function signOf(pod: Pod): Citation {
  const terminated = pod.containers.find((container) => container.state?.exitCode?.value);
  return (
    terminated?.state?.exitCode?.citation ??
    (pod.status?.value === 'Running' ? pod.ready?.citation : pod.status?.citation) ??
    pod.citation
  );
}

/** What firmware and devices complain of while a machine starts. */
const bootNoise =
  /\b(?:udev\S*|kernel|dbus\S*|systemd-(?:udevd|modules-load)\S*)\b.{0,40}(?:Failed to open device node|Could not resolve symbol|Failed to find module|Operation not supported)/i;

function isBootNoise({ text }: LogLine): boolean {
  return bootNoise.test(text.slice(0, 400));
}

/** systemd’s words for a machine that came up. */
const machineIsUp =
  /^Startup finished in \d|^Reached target (?:multi-user|graphical|Multi-User|Graphical)/;

function troubleInLogs(lines: readonly LogLine[], hits: readonly Hit[]): Citation[] {
  const settled = new Set(
    hits.filter((hit) => settles.has(hit.pattern.use.kind)).map((hit) => hit.index),
  );
  const said = lines.filter((line) => line.message.trim() !== '');
  const booted = said.findLast(({ message }) => machineIsUp.test(message));
  return voicesIn(said).all.flatMap((group) => {
    const wasBoot =
      booted?.source === group[0]?.source && group.filter(complains).every(isBootNoise);
    const over = Math.max(
      group.findLast((line) => settled.has(line.order))?.order ?? -1,
      wasBoot ? (booted?.order ?? -1) : -1,
    );
    const open = group.filter((line) => line.order > over);
    const warnings = open.filter(
      (line) =>
        line.level === 'warn' && gaveUp.test(line.message) && !isHarmless(line, line.message),
    );
    const bad = open.filter(
      (line) =>
        (complains(line) && !wasOvercome(line, group)) ||
        (warnings.length >= manyWarnings && warnings.includes(line)),
    );
    return isTrouble(bad, group) && !answeredElsewhere(bad, lines) ? bad.map(citationOf) : [];
  });
}

/** An error here and there, with the program going on, is everyday life; so is one that is over. */
function isTrouble(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  if (bad.length === 0 || isBehind(bad, all)) return false;
  const tail = all[Math.max(0, all.length - Math.max(3, Math.floor(all.length / 10)))];
  const atEnd = bad.some((line) => line.order >= (tail?.order ?? 0));
  return (
    atEnd ||
    bad.some((line) => line.level === 'fatal' || isGivenUp(line)) ||
    isLastWord(bad, all) ||
    isUnresolved(bad, all) ||
    bad.length > Math.max(1, all.length * 0.03)
  );
}

/** What was given up does not come back because other work goes on. */
const givenUp = /\baborting (?:job|task|query|run|build|backup|migration|import|export)\b/i;

function isGivenUp({ level, message }: LogLine): boolean {
  return (level === 'error' || level === 'fatal') && givenUp.test(message);
}

/** So many lines, besides frames of a stack, belong to what a program prints as it dies. */
const lastWords = 12;

/** Behind the last complaint stands only what explains it, however long that is, and no more work. */
function isLastWord(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  const last = bad.at(-1);
  if (!last) return false;
  const later = all.filter((line) => line.order > last.order && !line.continues);
  return later.length <= lastWords && later.every((line) => line.level === null && !isWell(line));
}

/** A line that says, in any words, that something went wrong. */
export function complains(line: LogLine): boolean {
  const text = line.message.slice(0, Math.min(1000, statementStart(line.message)));
  return seemsBad(line, text) && !isHarmless(line, text);
}

function isHarmless(line: LogLine, text: string): boolean {
  if (harmless.test(text) || ofTable.test(text) || isGuess(line.text)) return true;
  return line.level !== 'fatal' && everyday.test(text) && !gaveUp.test(text) && !stops.test(text);
}

/** A line without the address that was asked for. */
function withoutTarget(text: string): string {
  return text.replace(/\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+/g, '');
}

/** Schedulers tell at level info what became of a job. */
const hasFailed = /\b(?:switched|changed|transitioned|moved)\b.{0,80}\bto (?:state )?FAILED\b/;

/** The level decides where there is one, since words are dear to search and say less. */
function seemsBad(line: LogLine, text: string): boolean {
  if (line.level === 'error' || line.level === 'fatal' || isServerError(line)) return true;
  if (hasFailed.test(text)) return true;
  if (line.level === 'info' || line.level === 'debug' || line.level === 'warn') return false;
  if (isTyped(line.text) || (isAnswered(line) && !complaint.test(withoutTarget(text))))
    return false;
  return namesException(line) || exits.test(text) || complaint.test(text);
}
