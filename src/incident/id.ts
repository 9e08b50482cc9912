const pattern = /^incident-\d{14}(?:-[2-9]|-[1-9]\d+)?$/;

/** True for `incident-YYYYMMDDHHMMSS`, also with `-2`, `-3` … behind it. */
export function isIncidentId(text: string): boolean {
  return pattern.test(text);
}

/**
 * The id for an incident that starts at `time` (ms since 1970, written in UTC): the first of
 * `incident-…`, `incident-…-2`, `incident-…-3` that `isTaken` does not know.
 */
export function incidentId(time: number, isTaken: (id: string) => boolean): string {
  const stamp = new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
  const base = `incident-${stamp}`;
  if (!isTaken(base)) return base;
  let suffix = 2;
  while (isTaken(`${base}-${suffix}`)) suffix++;
  return `${base}-${suffix}`;
}
