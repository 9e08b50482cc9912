import type { EvidenceText } from '../../incident/evidence';

/** So many lines of what a probe printed are kept in its event, about. */
const mostLines = 12;

/** Where something else begins: a blank, a prompt, another event, a table, a stack trace. */
const begins =
  /^\s*$|^(?:[$#>]|---|===|\{|\[)|\b(?:Normal|Warning)\s|^[A-Z]{3,}\s{2,}[A-Z]{3,}|^(?:panic|fatal error|goroutine \d|Traceback|Exception|Caused by)\b/;
/** A line with a clock or a field of a log is of one. */
const stamped = /\d\d:\d\d:\d\d|^\d{9,}|\b(?:level|lvl|severity|ts|time)=/;

/**
 * The index behind the message of the event at `index`: what a failed probe printed goes on below
 * its row, over as many lines as it had.
 */
export function messageEnd({ lines }: EvidenceText, index: number): number {
  if (!/\sUnhealthy\s/.test(lines[index]?.text ?? '')) return index + 1;
  let end = index + 1;
  while (end - index <= mostLines && !isOther(lines[end]?.text ?? '')) end++;
  return end;
}

function isOther(text: string): boolean {
  return begins.test(text) || stamped.test(text);
}
