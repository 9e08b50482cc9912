import type { EvidenceText } from '../../incident/evidence';

/** So many lines of what a probe printed are kept in its event, about. */
const mostLines = 12;

/** Where something else begins: a blank, a prompt, another event, a stamped line. */
const begins =
  /^\s*$|^(?:[$#>]|---|===|\{)|\b(?:Normal|Warning)\s|^[[(]?\d{4}-\d\d-\d\d[T ]|^[IWEF]\d{4} \d\d:|^[A-Z]{3,}\s{2,}[A-Z]{3,}/;

/**
 * The index behind the message of the event at `index`: what a failed probe printed goes on below
 * its row, over as many lines as it had.
 */
export function messageEnd({ lines }: EvidenceText, index: number): number {
  if (!/\sUnhealthy\s/.test(lines[index]?.text ?? '')) return index + 1;
  let end = index + 1;
  while (end - index <= mostLines && !begins.test(lines[end]?.text ?? '')) end++;
  return end;
}
