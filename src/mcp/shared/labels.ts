/** Labels of a series of Prometheus or a stream of Loki, by name. */
export type Labels = Readonly<Record<string, string | undefined>>;

/**
 * A label and what it must be: that value, another (`!=`), or (`=~`) what a pattern matches the whole
 * of.
 */
export type Matcher = readonly [label: string, operator: '=' | '!=' | '=~', value: string];

/** One character of what Kubernetes generates: neither vowels nor what looks like one. */
export const generated = '[bcdfghjklmnpqrstvwxz2456789]';

/** True where the labels have all of it. */
export function fits(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every(([label, operator, value]) => {
    const held = labels[label] ?? '';
    if (operator === '=~') return new RegExp(`^(?:${value})$`).test(held);
    return (held === value) === (operator === '=');
  });
}

/** A text that a pattern takes for itself. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** `gke_shop_europe_prod-eu` and `admin@prod-eu` are names for the cluster `prod-eu`. */
export function isNamedBy(context: string, cluster: string): boolean {
  return cluster !== '' && new RegExp(`(^|[^A-Za-z0-9-])${literally(cluster)}$`).test(context);
}

/** The one of these clusters that a context names; undefined where none or several could be meant. */
export function clusterNamedBy(context: string, clusters: readonly string[]): string | undefined {
  const named = clusters.filter((cluster) => isNamedBy(context, cluster));
  return named.length > 1 ? named.find((cluster) => cluster === context) : named[0];
}
