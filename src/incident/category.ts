/** Every kind of incident that War Room names, with its human title. The slug names the deepest cause. */
export const categories = {
  'oom-killed': 'Container killed for memory',
  'heap-exhausted': 'Heap exhausted inside its limit',
  'cpu-throttled': 'CPU throttled',
  'disk-full': 'Disk full',
  'volume-unbound': 'Volume claim not bound',
  'read-only-filesystem': 'File system mounted read-only',
  'unschedulable-resources': 'No node has enough resources',
  'unschedulable-constraints': 'No node fits the constraints',
  'image-not-found': 'Image not found',
  'image-unauthorized': 'Image registry refused access',
  'missing-env': 'Environment variable missing',
  'missing-config-ref': 'ConfigMap or Secret missing',
  'bad-command': 'Start command cannot run',
  'permission-denied': 'Permission denied',
  'port-in-use': 'Port already in use',
  'liveness-failed': 'Liveness probe failed',
  'readiness-failed': 'Readiness probe failed',
  'dns-failure': 'Name cannot be resolved',
  'connection-refused': 'Connection refused',
  'database-unavailable': 'Database unavailable',
  'cache-unavailable': 'Cache unavailable',
  'forbidden-rbac': 'Forbidden by RBAC',
  'unhandled-exception': 'Unhandled exception',
  'dependency-missing': 'Dependency missing',
  'docker-unreachable': 'Docker engine unreachable',
  'crash-loop': 'Restarts again and again, cause unknown',
} as const;

export type Category = keyof typeof categories;

/** Names that people also use. */
const aliases: Readonly<Record<string, Category>> = { oom: 'oom-killed' };

/** The category of a slug or of another name of it; undefined when there is none. */
export function parseCategory(name: string): Category | undefined {
  if (Object.hasOwn(categories, name)) return name as Category;
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

/** How bad it is for the users of the service. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];
