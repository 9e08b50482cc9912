/** RFC 1123 with a numeric zone, as `kubectl describe` prints times. */
export function longTime(date: Date | string | undefined): string {
  return date ? new Date(date).toUTCString().replace('GMT', '+0000') : '<unknown>';
}

/** ISO 8601 in whole seconds. */
export function shortTime(date: Date | string | undefined): string {
  return date ? new Date(date).toISOString().replace(/\.\d+Z$/, 'Z') : '<unknown>';
}

const units = [
  { name: 'd', seconds: 86_400, until: Infinity },
  { name: 'h', seconds: 3_600, until: 48 * 3_600 },
  { name: 'm', seconds: 60, until: 3 * 3_600 },
  { name: 's', seconds: 1, until: 120 },
] as const;

/** How long ago, as kubectl says it: `45s`, `12m`, `5h`, `3d`. */
export function age(date: Date | string | undefined, now = Date.now()): string {
  if (!date) return '<unknown>';
  const seconds = Math.max(0, Math.round((now - new Date(date).getTime()) / 1000));
  const unit = [...units].reverse().find(({ until }) => seconds < until) ?? units[0];
  return `${Math.floor(seconds / unit.seconds)}${unit.name}`;
}
