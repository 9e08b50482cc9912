import { isAnswered, isServerError } from '../read/answers';
import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import { namesException } from '../read/stackTrace';
import { statementStart } from '../read/statement';
import { isGuess } from '../read/stranger';
import { isTyped } from '../read/typed';

/** Words of failure, unless they are the first half of a name such as `error-reporter`. */
const complaint =
  /\b(?:errors?|fail(?:ed|ure|s|ing)?|exception|fatal|panic|timed? ?out|crash(?:ed|ing)?|unavailable|refused|killed|aborted|terminated|unreachable|rejected|partiallyfailed|went wrong|n[o']t go as planned|unsuccessful(?:ly)?|not (?:succeed|successful)|bad gateway|gateway time-?out|cannot|could not|unable to)\b(?!-\w)/i;
const exits =
  /exit(?:ed)?(?: with)?(?: code| status)?[ =:(]+(?!143\b)[1-9]\d*\b|\b(?:status|code) 1[2-4]\d\b|(?:ended|finished|stopped) with (?:exit )?(?:status|code) [1-9]\d{0,2}\b(?<! [23]\d\d)|code=exited, status=[1-9]|Failed with result|exitCode=(?!143\b)[1-9]/i;

/** Sentences with words of failure that tell of none. */
const harmless: readonly RegExp[] = [
  // Counts of none, and settings that are named after a failure
  /\b\w{0,80}(?:errors?|fail\w{0,20}|timeouts?|restarts?)(?:_\w{1,80})?(?:\{[^}]{0,400}\})? 0(?:\.0+)?$/i,
  /(?:errors?|fail(?:ed|ures?)?|exceptions?|timeouts?|rejected|restarts?)["']?\s*[=:]\s*["']?0\b/i,
  /(?<!\d\.)\b(?:0|no|zero|without) (?:\w+ )?(?:errors?|fail(?:ed|ures?)|exceptions?|timeouts?)\b/i,
  /\w_error:\s{0,40}$|^Timeout: [\d.]+ seconds \.\.\.$/i,
  /fail(?:ed|ure)?[_-](?:threshold|timeout|over)|max_fails|errors=remount-ro/i,
  /error[_-]?(?:handler|page|reporting|level)|error[_-]?(?:log|rate|budget|count|boundary)\b/i,
  /(?:errors?|fail(?:ed|ures?))\b[^.]{0,30} (?:are|is|will be) (?:reported|logged|sent|mailed|retried|counted|ignored|skipped|shown)\b/i,
  // Ends that were asked for
  /\b(?:killed|terminated|aborted|stopped) successfully|gracefully|"exitCode": ?143\b/i,
  /was sent SIG(?:TERM|INT|QUIT|HUP)|received (?:signal )?(?:SIGTERM|SIGINT|15|2)\b|SIGTERM received/i,
  // Clients that left, and strangers at the door
  /(?:client|peer|user|remote host),? (?:prematurely |it (?:has )?probably )?(?:closed|disconnected|canceled|cancelled|aborted)/i,
  /broken pipe|context canceled|client denied by|(?:invalid|malformed|bad) (?:URI|HTTP)\b|Client parser ERROR/i,
  /favicon\.ico|robots\.txt|apple-touch-icon|ActionController::RoutingError\b|No route matches \[/i,
  /open\(\) "[^"]*" failed \(2: No such file or directory\), client:|while SSL handshaking, client:/i,
  /TLS handshake error from|\b[\w.-]{1,60}\/\d{1,3}: SSL handshake failure\b|Login failed: \S{1,80} \(Remote IP/i,
  /\bFailed \w[\w/-]* for (?:invalid user )?\S* ?from \S+ port \d+ ssh2|kex_exchange_identification: |\bpam_unix\(sshd:auth\): |\[preauth\]$/i,
  // What programs say by habit: databases, engines and clusters, a machine's start, Python, installers
  /background worker .{0,200} exited with exit code 1|duplicate key value violates|\[\d+\](?: \S+)? FATAL: {2}database "root" does not exist/i,
  /returned error: No such container|required revision has been compacted|failed to load cni during init/i,
  /has yet to be successful|status check may not have completed yet|\[SHOULD NOT HAPPEN\]/i,
  /ACPI (?:BIOS )?Error|Correctable Errors collector|Could not reliably determine|^debconf: /i,
  /^(?:\S{1,200}:\d{1,6}: )?(?:Resource|Deprecation|PendingDeprecation|Future|User|Runtime|Syntax)Warning: /i,
];
/** As one expression they are searched at once. */
const anyHarmless = new RegExp(harmless.map(({ source }) => source).join('|'), 'i');

/** The header of a table, with the gaps of one, and a row of one that counts. */
const ofTable =
  /^(?=[^a-z]{1,300} {2})[A-Z][A-Z_()%/-]*(?: {1,40}[A-Z][A-Z_()%/-]*){2,20}$|^\S{1,120}(?:\s{1,40}\d{1,15}){2,12}$/;

/** What happens when clients leave, servers stop and two write at once, unless somebody gives up. */
const everyday =
  /could not receive data from client|the object has been modified; please apply|\bhttp: Server closed\b/i;

/** Warnings of a caller that did not get what it asked for. */
const gaveUp =
  /timed? ?out\b|deadline exceeded|\bgiv(?:ing|en|e)s? up\b|gave up|no (?:response|answer|reply)\b|attempts? (?:exhausted|failed)|unreachable|unavailable|circuit (?:breaker )?(?:is )?open/i;
const stops = /\b(?:cannot continue|exiting)\b/i;

/** A line that says, in any words, that something went wrong. */
export function complains(line: LogLine): boolean {
  const text = line.message.slice(0, Math.min(1000, statementStart(line.message)));
  return seemsBad(line, text) && !isHarmless(line, text);
}

/** A warning that somebody waited for something in vain, and gave up. */
export function warnsInVain(line: LogLine): boolean {
  const { level, message } = line;
  return level === 'warn' && gaveUp.test(message) && !isHarmless(line, message);
}

export function isHarmless(line: LogLine, text: string): boolean {
  if (anyHarmless.test(text) || isGuess(line.text)) return true;
  if (line.level === 'fatal') return false;
  if (line.level !== 'error' && ofTable.test(text)) return true;
  return everyday.test(text) && !gaveUp.test(text) && !stops.test(text);
}

/** A line without the address that was asked for. */
function withoutTarget(text: string): string {
  return text.replace(/\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+/g, '');
}

/** Schedulers tell at level info what became of a job, unless they try again. */
const hasFailed = /\b(?:switched|changed|transitioned|moved)\b.{0,80}\bto (?:state )?FAILED\b/;

/** The level decides where there is one, since words are dear to search and say less. */
function seemsBad(line: LogLine, text: string): boolean {
  if (isFailure(line.level) || isServerError(line)) return true;
  if (hasFailed.test(text) && !/retr/i.test(text)) return true;
  if (line.level === 'info' || line.level === 'debug' || line.level === 'warn') return false;
  if (isTyped(line.text) || (isAnswered(line) && !complaint.test(withoutTarget(text))))
    return false;
  return namesException(line) || exits.test(text) || complaint.test(text);
}
