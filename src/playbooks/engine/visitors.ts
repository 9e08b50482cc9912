import type { Finding } from '../playbook';
import type { LogLine } from '../read/logLine';
import { isGuess } from '../read/stranger';
import { writerOf } from './voice';

/** Of IPv4 and IPv6, as against a word in letters that hexadecimal knows. */
const address = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}:[\da-f:]{1,40})`;
/** A server says whom it turned away: an address that it names as its client. */
const visitor = new RegExp(
  String.raw`\[client ${address}|\bclient: ${address}|\bunknown\[${address}|\b(?:invalid|illegal|authenticating) user \S* ?(?:from )?${address}|\brhost=\S`,
  'i',
);
/** So often the same was refused that somebody may miss it. */
const many = 3;
/** What sshd alone says, on its side of the door; the dot sets it apart from a web server. */
const daemon =
  /^(?:Server listening on [\d.:a-f]+ port \d+\.|Connection from [\d.:a-f]+ port \d+ on [\d.:a-f]+ port \d)/;
/** Doors that are tried on every server of the internet, whatever it serves. */
const everywhere =
  /\/\.(?:env|git|aws|svn|htaccess)\b|\/cgi(?:-bin)?\/|\/(?:wp-(?:login|admin|content)|xmlrpc\.php|phpmyadmin|server-(?:status|info)|HNAP1|boaform|vendor\/phpunit|etc\/passwd)\b/i;
/** How it tells of who knocks. What a web server tells in a log of its own reads otherwise. */
const knock = /\bsshd?2?\b|\bssh_|\bkex_|\[preauth\]|\bport \d+\b|\bPAM\b|from socket failed/;
const knocks: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'connection-reset']);
const request = /"(?:GET|HEAD|POST|PUT|PATCH|DELETE) ([^ "?]+)/;

/**
 * Drops what a server tells of visitors that it turned away now and then: scanners try every door,
 * and a door that stays shut is no incident. What is refused again and again, the same each time,
 * may be what somebody needs. At sshd's door the whole internet knocks, all day.
 */
export function withoutVisitors(
  findings: readonly Finding[],
  lines: readonly LogLine[],
): readonly Finding[] {
  const doors = new Set(lines.filter(isDaemon).map(speaker));
  const inside = findings.filter(({ category, order }) => {
    const line = lines[order];
    return !(
      line &&
      knocks.has(category) &&
      doors.has(speaker(line)) &&
      knock.test(line.text.slice(0, 1000))
    );
  });
  const turned = inside.filter((finding) => isTurnedAway(finding, lines[finding.order]));
  const times = new Map<string, number>();
  for (const finding of turned) {
    const key = wanted(finding);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const gone = new Set(
    turned.filter(
      (finding) => (times.get(wanted(finding)) ?? 0) < many || isTriedEverywhere(finding),
    ),
  );
  return inside.filter((finding) => !gone.has(finding));
}

function speaker(line: LogLine): string {
  return `${line.source}\n${writerOf(line) ?? ''}`;
}

function isDaemon({ kind, message }: LogLine): boolean {
  return kind === 'log' && daemon.test(message);
}

function isTurnedAway({ category, fromLog }: Finding, line: LogLine | undefined): boolean {
  if (fromLog !== true || line === undefined) return false;
  if (category === 'database-auth') return isGuess(line.text);
  if (category === 'traffic-overload' || category === 'rate-limited') {
    return everywhere.test(line.text.slice(0, 1000));
  }
  return (
    (category === 'unauthorized' || category === 'forbidden') &&
    (/\[preauth\]/.test(line.text) || visitor.test(line.text))
  );
}

function isTriedEverywhere({ citation }: Finding): boolean {
  return everywhere.test(citation.text.slice(0, 1000)) || isGuess(citation.text);
}

/** What was asked for, else the message: two refusals of one key are the same refusal. */
function wanted({ citation, key }: Finding): string {
  return request.exec(citation.text)?.[1] ?? key;
}
