import type { Citation } from '../../incident/evidence';
import { sectionOf, type Entry } from './entries';
import type { Picture } from './picture';
import { at, textAt, type Node } from './tree';

/** Who is reached how: what services, ingresses and network policies say, described or printed. */

/** What `describe` prints of a described object of a kind. */
export function addDescribedRoute(
  kind: string,
  name: string,
  entries: readonly Entry[],
  picture: Picture,
): void {
  if (kind === 'service') addService(name, entries, picture);
  if (kind === 'ingress') addIngress(name, entries, picture);
  if (kind === 'networkpolicy') addPolicy(entries, picture);
}

const none = /^(?:|<none>|<unset>)$/;

/** Without endpoints; the words are those of War Room's own description, which says why. */
const nobody = /^(?:|<none>|<unset>|none: .*)$/;

function addService(name: string, entries: readonly Entry[], picture: Picture): void {
  const line = entries.find((entry) => entry.indent === 0 && entry.key === 'Endpoints');
  const listed = sectionOf(entries, 'Endpoints').some(
    ({ citation }) => citation.text.trim() !== '',
  );
  if (line && !listed && nobody.test(line.value))
    picture.unserved.push({ value: name, citation: line.citation });
}

/** `/x   gone:80 (<error: services "gone" not found>)` */
function addIngress(name: string, entries: readonly Entry[], picture: Picture): void {
  for (const { citation } of sectionOf(entries, 'Rules')) {
    if (/\(<error: services "[^"]+" not found>\)/.test(citation.text)) {
      picture.lostBackends.push({ value: name, citation });
    }
  }
  const cls = entries.find((entry) => entry.indent === 0 && entry.key === 'Ingress Class');
  if (cls && !none.test(cls.value)) {
    picture.ingressClasses.wanted.push({ value: cls.value, citation: cls.citation });
  }
}

/** The policy's name, and whom alone it lets through. */
function addPolicy(entries: readonly Entry[], picture: Picture): void {
  const rows = sectionOf(entries, 'Spec').map((entry) => entry.citation);
  const closed = rows.some((row) => /Selected pods are isolated for/.test(row.text));
  const peers = rows.filter((row, index) =>
    /^\s+(?:From|To):/.test(rows[index - 1]?.text ?? '') ? row.text.trim() !== '' : false,
  );
  const name = entries.find((entry) => entry.key === 'Name')?.citation;
  const isolated = rows.filter((row) => /Selected pods are isolated for/.test(row.text));
  const citations = [name, ...peers, ...isolated].filter((it): it is Citation => it !== undefined);
  picture.policies.push({ citations, closed });
}

/** What an object of `kubectl get -o yaml|json` says of routes. */
export function addRouteObject(kind: string, root: Node, picture: Picture): void {
  const name = at(root, 'metadata', 'name');
  if (!name?.value) return;
  if (kind === 'NetworkPolicy') addPolicyObject(root, name, picture);
  if (kind === 'Ingress') {
    const cls = at(root, 'spec', 'ingressClassName');
    if (cls?.value)
      picture.ingressClasses.wanted.push({ value: cls.value, citation: cls.citation });
  }
  if (kind === 'IngressClass')
    picture.ingressClasses.known.push({ value: name.value, citation: name.citation });
  const served = at(root, 'endpoints') ?? at(root, 'subsets');
  if ((kind === 'EndpointSlice' || kind === 'Endpoints') && !served?.items.length) {
    const service = textAt(root, 'metadata', 'labels', 'kubernetes.io/service-name') ?? name.value;
    picture.unserved.push({ value: service, citation: (served ?? name).citation });
  }
}

/** A policy with no rules for a direction lets nothing through in it. */
function addPolicyObject(root: Node, name: Node, picture: Picture): void {
  const types = at(root, 'spec', 'policyTypes')?.items.map((item) => item.value) ?? ['Ingress'];
  const rules = { Ingress: 'ingress', Egress: 'egress' } as const;
  const closed = (['Ingress', 'Egress'] as const).some(
    (type) => types.includes(type) && !at(root, 'spec', rules[type])?.items.length,
  );
  picture.policies.push({ citations: [name.citation], closed });
}
