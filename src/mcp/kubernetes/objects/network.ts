import type { V1EndpointSlice, V1Ingress, V1Service, V1ServicePort } from '@kubernetes/client-node';

import type { Cluster } from '../cluster';
import { field, lines, section } from '../page';
import type { Entry } from '../page';
import { inLine, objectKind } from './kind';

/** Endpoints of one service that a description names. */
const mostEndpoints = 100;

export const service = objectKind<V1Service>({
  list: ({ core }, page) => core.listNamespacedService(page),
  read: ({ core }, wanted) => core.readNamespacedService(wanted),
  columns: {
    Type: ({ spec }) => spec?.type ?? '',
    'Cluster IP': ({ spec }) => spec?.clusterIP ?? '',
    Ports: ({ spec }) =>
      (spec?.ports ?? [])
        .map(({ port, targetPort, protocol }) => `${port}->${targetPort}/${protocol ?? 'TCP'}`)
        .join(', '),
    Selector: ({ spec }) => inLine(spec?.selector),
  },
  more: async ({ metadata, spec }, cluster) => [
    endpoints(await slicesOf(metadata?.name ?? '', cluster), spec?.ports ?? []),
  ],
});

async function slicesOf(name: string, { discovery, place }: Cluster): Promise<V1EndpointSlice[]> {
  const { items } = await discovery.listNamespacedEndpointSlice({
    namespace: place.namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
    limit: mostEndpoints,
  });
  return items;
}

/**
 * Who answers for a service, and who would if it were ready. Pods without the port that the service
 * names stand in its slices, though nobody is sent to them.
 * @param ports of the service
 */
export function endpoints(
  slices: readonly V1EndpointSlice[],
  ports: readonly V1ServicePort[],
): Entry {
  const all = slices.flatMap(addressesOf);
  const rows = all.slice(0, mostEndpoints);
  const left = all.length - rows.length;
  if (rows.length === 0)
    return field('Endpoints', 'none: no ready pod has the labels of the selector');
  const names = ports.flatMap(({ targetPort }) =>
    typeof targetPort === 'string' ? targetPort : [],
  );
  if (names.length > 0 && slices.every((slice) => !slice.ports?.length))
    return field('Endpoints', `none: no pod of the selector has a port named ${names.join(', ')}`);
  return section('Endpoints', [lines(left > 0 ? [...rows, `and ${left} more`] : rows)]);
}

function addressesOf({ endpoints: given, ports }: V1EndpointSlice): string[] {
  const port = (ports ?? []).map((each) => each.port).join(',');
  return (given ?? []).map(({ addresses, conditions, targetRef }) => {
    const ready = conditions?.ready === false ? 'not ready' : 'ready';
    return `${addresses.join(',')}:${port}  ${ready}  ${targetRef?.name ?? ''}`.trimEnd();
  });
}

export const ingress = objectKind<V1Ingress>({
  list: ({ networking }, page) => networking.listNamespacedIngress(page),
  read: ({ networking }, wanted) => networking.readNamespacedIngress(wanted),
  columns: {
    Class: ({ spec }) => spec?.ingressClassName ?? '',
    Hosts: ({ spec }) => (spec?.rules ?? []).map(({ host }) => host ?? '*').join(', '),
    Address: ({ status }) =>
      (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname).join(', '),
  },
  more: ({ spec }) => [
    section('Rules', [
      lines(
        (spec?.rules ?? []).flatMap(({ host, http }) =>
          (http?.paths ?? []).map(
            ({ path, pathType, backend }) =>
              `${host ?? '*'}${path ?? '/'} (${pathType}) -> ${backend.service?.name ?? backend.resource?.name}:${backend.service?.port?.number ?? backend.service?.port?.name ?? ''}`,
          ),
        ),
      ),
    ]),
    section('TLS', [
      lines(
        (spec?.tls ?? []).map(
          ({ hosts, secretName }) => `${(hosts ?? []).join(', ')} from Secret ${secretName}`,
        ),
      ),
    ]),
  ],
});
