/** How well a folder's, chart's or key's name fits an application. */
export type NameFit = 'same' | 'release' | 'none';

/** `blog_service`, `Blog-Service`, `blog.service` and `blogService` are one name: `blog-service`. */
export function normalName(name: string): string {
  return name
    .replace(/[_.]/g, '-')
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, '-')
    .toLowerCase();
}

/** True if both are the same name, whatever separates their words. */
export function sameName(one: string, other: string): boolean {
  return unseparated(one) === unseparated(other);
}

/** `PostgreSQL` and `postgresql` are one name too. */
function unseparated(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}

/**
 * `release` is Helm's default of `<release>-<chart>`: `monitoring-grafana` may be the chart
 * `grafana`, which a person has to confirm.
 */
export function fitOf(name: string, app: string): NameFit {
  if (sameName(name, app)) return 'same';
  return normalName(app).endsWith(`-${normalName(name)}`) ? 'release' : 'none';
}
