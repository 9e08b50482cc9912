import { appOfPod, isHealthy, type Picture, type Pod } from '../read/picture';

/** A pod of the cluster, with all that any source says of it. */
export interface JoinedPod {
  name: string;
  app: string;
  /** The ReplicaSet that made it, as its name tells; null for what no Deployment made. */
  replicaSet: string | null;
  node: string | null;
  /** No source says that it is not well. */
  healthy: boolean;
  /** What was printed of it, what says most first. */
  said: readonly Pod[];
}

/** The pods of all sources, each once: a row of a table and a description are joined by name. */
export function joinedPods({ pods }: Picture): JoinedPod[] {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const key = pod.name;
    const group = groups.get(key);
    if (group) group.push(pod);
    else groups.set(key, [pod]);
  }
  return [...groups].map(([name, said]) => ({
    name,
    app: said.find(isDescribed)?.app ?? appOfPod(name),
    replicaSet: /^(.+-[bcdf-hj-np-tv-z0-9]{6,10})-[bcdf-hj-np-tv-z0-9]{5}$/.exec(name)?.[1] ?? null,
    node: said.find(({ node }) => node !== null)?.node ?? null,
    healthy: said.every(isHealthy) && said.some(({ ready }) => ready?.value !== false),
    said: said.toSorted((left, right) => Number(isDescribed(right)) - Number(isDescribed(left))),
  }));
}

/** It has more than a row of a table says. */
function isDescribed(pod: Pod): boolean {
  return pod.containers.some(({ image }) => image !== null);
}

/** The workload that a pod is of. */
export function workloadOf({ app, name }: Pod): string {
  return app ?? appOfPod(name);
}

/** One name, or one with what a chart or a controller appends. */
export function sameApp(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}-`) || right.startsWith(`${left}-`);
}

/** As a word of its own: `cart` of `http://cart:8080` and of `cart.shop.svc`, not of `cart-db`. */
function namesApp(text: string, app: string): boolean {
  return ` ${text} `.split(/[^\w-]+/).includes(app);
}

/** The Service of that name: alone, or with what a cluster appends; `api.stripe.com` is not `api`. */
export function isService(host: string | undefined, app: string): boolean {
  if (host === undefined) return false;
  const [first, ...rest] = host.split('.');
  return (
    first === app && (rest.length < 2 || /^(?:svc|pod|local|internal|consul)$/.test(rest[1] ?? ''))
  );
}

/** The text names the application as somebody that was asked: a common word alone does not. */
export function namesTarget(text: string, app: string): boolean {
  if (app === '' || !text.includes(app) || !namesApp(text, app)) return false;
  if (app.includes('-')) return true;
  const name = app.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `(?:://|@)${name}(?=[:/"'\\s]|$)|(?<![\\w.:/-])${name}:\\d{2,5}\\b|(?<![\\w./-])${name}\\.[\\w-]+(?:\\.svc\\b|(?![\\w.-]))|\\b(?:to|upstream|host|service|peer|backend|call(?:ing)?|reach(?:ing)?)[= ]["']?${name}(?![\\w-]|\\.\\w)|(?<![\\w./-])${name}: (?:connect|dial)`,
    'i',
  ).test(text);
}
