/** How well a folder's, chart's or key's name fits an application. */
export type NameFit = 'same' | 'release' | 'none';

/** `blog_service`, `Blog-Service` and `blog.service` are one name. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[_.]/g, '-');
}

/** True if both are the same name, whatever separates their words. */
export function sameName(one: string, other: string): boolean {
  return normalName(one) === normalName(other);
}

/**
 * `release` is Helm's default of `<release>-<chart>`: `monitoring-grafana` may be the chart
 * `grafana`, which a person has to confirm.
 */
export function fitOf(name: string, app: string): NameFit {
  if (sameName(name, app)) return 'same';
  return normalName(app).endsWith(`-${normalName(name)}`) ? 'release' : 'none';
}
