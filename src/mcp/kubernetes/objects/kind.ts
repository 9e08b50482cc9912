import type { V1ObjectMeta } from '@kubernetes/client-node';

import type { Cluster } from '../cluster';
import { labelled } from '../describeContainer';
import { field, lines, section } from '../page';
import type { Entry } from '../page';
import { age, longTime } from '../time';
import { table } from '../../shared/text';

/** Which page of a list is wanted. */
export interface Page {
  limit: number;
  continue?: string | undefined;
}

/** An object in a list: what its columns say. */
export interface ObjectSummary {
  name: string;
  fields: Record<string, string>;
}

/** A kind of object that can be listed and described; what it is made of lies in a {@link Definition}. */
export interface ObjectKind {
  list(
    cluster: Cluster,
    page: Page,
  ): Promise<{ objects: ObjectSummary[]; text: string; next: string | null }>;
  /** @param events what is said of it, at the end */
  describe(
    cluster: Cluster,
    name: string,
    events: Entry,
  ): Promise<{ object: ObjectSummary; page: Entry[] }>;
}

interface KubernetesObject {
  metadata?: V1ObjectMeta;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** What tells one kind from the others. */
export interface Definition<T extends KubernetesObject> {
  list(
    cluster: Cluster,
    page: { namespace: string; limit: number; _continue: string | undefined },
  ): Promise<{ items: T[]; metadata?: { _continue?: string } }>;
  read(cluster: Cluster, wanted: { name: string; namespace: string }): Promise<T>;
  /** What a list shows besides name and age; a description shows it first. */
  columns: Readonly<Record<string, (object: T) => string>>;
  conditions?: (object: T) => readonly Condition[] | undefined;
  /** What a description shows besides. */
  more?: (object: T, cluster: Cluster) => Entry[] | Promise<Entry[]>;
}

/** A kind as its definition says. */
export function objectKind<T extends KubernetesObject>(definition: Definition<T>): ObjectKind {
  const summarise = (object: T): ObjectSummary => ({
    name: object.metadata?.name ?? '',
    fields: Object.fromEntries(
      Object.entries(definition.columns).map(([name, read]) => [name, read(object) || '<none>']),
    ),
  });
  return {
    async list(cluster, page) {
      const { namespace } = cluster.place;
      const { limit } = page;
      const found = await definition.list(cluster, { namespace, limit, _continue: page.continue });
      const objects = found.items.map(summarise);
      const rows = found.items.map((object, index) => [
        objects[index]?.name ?? '',
        ...Object.values(objects[index]?.fields ?? {}),
        age(object.metadata?.creationTimestamp),
      ]);
      const header = ['NAME', ...Object.keys(definition.columns).map(upper), 'AGE'];
      return { objects, text: table(header, rows), next: found.metadata?._continue || null };
    },
    async describe(cluster, name, events) {
      const { namespace } = cluster.place;
      const object = await definition.read(cluster, { name, namespace });
      const summary = summarise(object);
      const { metadata } = object;
      const conditions = definition.conditions?.(object) ?? [];
      const page = [
        field('Name', metadata?.name),
        field('Namespace', metadata?.namespace),
        field('CreationTimestamp', longTime(metadata?.creationTimestamp)),
        labelled('Labels', metadata?.labels),
        labelled('Annotations', metadata?.annotations, ': '),
        ...Object.entries(summary.fields).map(([key, value]) => field(key, value)),
        ...((await definition.more?.(object, cluster)) ?? []),
        ...(conditions.length > 0 ? [section('Conditions', [conditionTable(conditions)])] : []),
        events,
      ];
      return { object: summary, page };
    },
  };
}

/** Conditions with their reasons, as `kubectl describe` prints them. */
export function conditionTable(conditions: readonly Condition[]): Entry {
  const rows = conditions.map(({ type, status, reason, message }) => [
    type,
    status,
    reason ?? '',
    (message ?? '').replace(/\s+/g, ' '),
  ]);
  return lines(table(['Type', 'Status', 'Reason', 'Message'], rows).split('\n'));
}

/** `key=value` of several, in one line. */
export function inLine(values: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(values ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll(' ', '-');
}
