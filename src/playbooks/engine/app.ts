import type { LogLine } from '../read/logLine';
import { appOfPod, isHealthy, type Picture } from '../read/picture';
import type { Reading } from '../read/reading';

/** Programs of the platform, which are never the affected application. */
const platform =
  /^(?:kernel|systemd(?:-\w+)?|kubelet|k3s|dockerd?|containerd|crio|init|cron|sudo|sshd|audit\w*|rsyslogd|dbus\S*|docker-compose|compose|kube-\w+|default-scheduler|apt\S*|dhclient|NetworkManager|root|main|app|server|stdout|stderr|node|python\d?|java|sh|bash|curl|wget|\d+)$/i;

/** The application that a line's prefix or field names. */
export function appOfWriter(line: LogLine): string | null {
  const unit = /^([\w@.-]+?)(?:@[\w.-]*)?\.service(?::|$)/.exec(line.message);
  const name = unit?.[1] ?? line.writer;
  if (!name || (!unit && platform.test(name))) return null;
  return appOfPod(name);
}

/** What the first evidence is about: what a person selected stands before what was collected. */
export function subjectOf(reading: Reading): string | null {
  const described = new Set(reading.picture.pods.map((pod) => pod.app));
  const [only] = described;
  if (described.size === 1 && only) return only;
  const first = reading.lines[0]?.source;
  const votes = new Map<string, number>();
  for (const line of reading.lines) {
    if (line.source !== first || line.kind !== 'log') break;
    const app = appOfWriter(line);
    if (app) votes.set(app, (votes.get(app) ?? 0) + 1);
  }
  const [best] = [...votes].sort((left, right) => right[1] - left[1]);
  const total = [...votes.values()].reduce((sum, count) => sum + count, 0);
  return best && best[1] / total > 0.6 ? best[0] : null;
}

const hints: readonly RegExp[] = [
  /\bapplication=[\w-]+\/([\w-]+)/,
  /\bdocker (?:service )?(?:run|create) .{0,400}--name[= ]([\w-]+)/,
  /\b(?:s(?:batch|run) .{0,400}--job-name|JobName)=([\w.-]+)/,
  /\bhelm (?:upgrade|install)(?: -\S+){0,40} ([a-z][\w-]*)/,
  /^\[([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\] /,
  /(?:^|\s)([A-Z][a-z]{3,}) v\d+\.\d[\w.]*(?: \([\w.]+\))? starting up\b/,
  /\b(?:deploy|deployment|release|rollout) of ([a-z][\w-]*)/,
  /(?:^|[\s:\]=])([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*) v?\d+\.\d[\w.+-]* (?:starting|started|up\b|is starting|listening|ready|on\b)/,
  /^(?:entrypoint|init|start|run): ([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+) v?\d+\.\d+/,
  /^> ([\w./-]+)@\d+\.\d+\.\d\S* \w/,
  /\b(?:service|app|application|service_name|app_name|deployment)[=:] ?"?([a-z][\w-]{2,60})\b/i,
  /^current working directory: \/(?:\S{0,200}\/)?([a-z][\w-]{2,60})$/,
  /, server: ([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*), request: "/,
  / -{6,20} ([a-z][\w-]{2,60})@\S+ v\d/,
  /\bdocker stack (?:deploy|up) (?:\S+ ){0,20}([a-z][\w-]{2,60})(?: <|$)/,
  /\bservice name: ([a-z][\w-]{2,60})\b/i,
  /\bcontainer \w+ [0-9a-f]+ \(.{0,400}\bname=([\w.-]+)/,
  /\(service ([a-z][\w-]*)\) (?:was unable|has )/,
  /\bBackend_health - (?:[\w-]+\.)?([a-z][\w-]*) (?:Went|Still) sick/,
  /\bPM2\b.{0,100} App \[([\w.-]+):\d+\]/,
  /^Job ID\s+= ([\w.-]+)/,
  /^Name:\s+argocd\/([\w-]+)/,
  /[Hh]elm (?:install|upgrade|rollback) failed for release [\w-]+\/([\w-]+)/,
  /\bdeployment\.apps\/([\w.-]+)/,
  /\b(?:deployment|statefulset|daemonset|release) ["']([a-z][\w-]+)["']/i,
  /^Used By:\s+([a-z][\w-]+)/,
  /\bfor (?:Deployment|StatefulSet)\/[\w-]+\/([\w.-]+)/,
  /\bpod ["']?([a-z][\w-]*-[\w-]*)["']?/,
  /\bcontainer ["']?([a-z][\w-]*-[\w-]*)["']?/,
  /\bsystemd\[1\]: ([\w.-]+?)(?:@[\w.-]*)?\.service/,
  /\bunit=([\w.-]+?)\.service/,
  /\b(?:Starting|Started|Initializing|Launching|Booting) ([a-z][\w]*-[\w-]+|[a-z]+(?:service|api))\b/,
  /\b(?:Starting|Started) ([A-Z]\w+)Application\b/,
  /(?:\/srv|\/opt|\/usr\/src|\/var\/www|\/app\/services)\/([a-z][\w-]+)\//,
  /(?:\/app|\/code|\/src|\/workspace)\/(?:cmd\/)?([a-z][\w-]{2,})\//,
  /^\s+at ([A-Z]\w+)\.(?:\w+\.)*Program\./,
  /(?:\/etc|\/var\/(?:cache|log|lib|run|spool)|\/data)\/([a-z][\w-]+)\//,
  /\bsystem:serviceaccount:[\w.-]+:([a-z]+(?:-[a-z]+)+)\b/,
  /\b([a-z]{1,30}(?:-[a-z]{1,30}){0,5}-(?:api|service|svc|web|worker|backend|frontend|server|gateway|app))\b/,
];

const generic =
  /^(?:apps?|logs?|pods?|describe\w*|events?|previous|prev|current|stdout|stderr|out|err|errors?|container|docker|journal(?:ctl|d)?|kubectl|kubernetes|k8s|syslog|messages|mail|maillog|cron|daemon|auth|kern|local[0-7]|output|console|text|selection|terminal|clipboard|kernel|dmesg|inspect|yaml|json|status|metrics|stats|top|evidence|get|all|namespace|compose|systemd|service|deployment|nodes?|pvc|cpu|memory|cgroup|run|restart|last|start|build|test|input|stdin|supervisord?|file|log1|wide|o|before|after|pull|image|net|network|access|deploy\w*|worker|run|stack|current|release|localhost|applications?|services|nginx|redis|postgresql|postgres|mysql|mariadb|haproxy|gunicorn|uwsgi|tomcat|spring|express|uvicorn|memcached|rabbitmq|kafka|envoy|traefik|php|php-fpm|fpm|ruby|node|python|java|openjdk|jdk|go|npm|user|system|entrypoint|init|start|main|server|http|report|client|config|level|info|warn|error|fatal|debug|warning|time|msg|ssl|tls|certs?|pki|private|docker|containers|kubelet|rancher|cni|dpkg|apt|data|tmp|lib|local|share|secrets?|cache|conf|postgres\w*|letsencrypt|ca-certificates|db|src|dist|public|node_modules|argocd|bin|lib|vendor|thread|exception|traceback|loading|runtime|nomad|podman|crio|at|in|on|the|from|to|and|is|not|for|with|a|an|no|body)$/i;

const speaker =
  /^(?:\[?\d{4}-\d\d-\d\d[T ][^\s\]]*\]?\s+)?(?:\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\]?:?\s+)?([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)(?::| )/;

/** The name that stands at the head of most lines. */
function speakingApp(lines: readonly LogLine[]): string | null {
  const votes = new Map<string, number>();
  const log = lines.filter((line) => line.kind === 'log' && !line.continues).slice(0, 2000);
  for (const line of log) {
    // Behind a syslog stamp stands the host, which is nobody's name.
    if (line.process !== null) continue;
    const name = speaker.exec(line.text.slice(0, 120))?.[1];
    if (name && !platform.test(name) && !generic.test(name)) {
      votes.set(name, (votes.get(name) ?? 0) + 1);
    }
  }
  const [best] = [...votes].sort((left, right) => right[1] - left[1]);
  return best && best[1] >= 2 && best[1] >= log.length * 0.4 ? best[0] : null;
}

/** A name in the first lines of the evidence. */
export function hintedApp(reading: Reading): string | null {
  const speaking = speakingApp(reading.lines);
  if (speaking) return speaking;
  for (const hint of hints) {
    for (const line of reading.lines.slice(0, 3000)) {
      const name = hint.exec(line.text.length > 500 ? line.text.slice(0, 500) : line.text)?.[1];
      if (name && !platform.test(name) && !generic.test(name)) return appOfPod(kebab(name));
    }
  }
  return null;
}

/** A name in the names of the files. */
export function filedApp(reading: Reading): string | null {
  for (const source of new Set(reading.lines.map((line) => line.source))) {
    const app = appOfFile(source);
    if (app) return app;
  }
  return null;
}

/** `order-service` of `OrderService`. */
function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

/** `checkout` of `logs/checkout-describe.txt`; null for names that say nothing. */
export function appOfFile(source: string): string | null {
  if (source === '-' || source.startsWith('mcp:')) return null;
  const base = (source.split(/[\\/]/).pop() ?? '').replace(
    /\.(?:(?:log|txt|ya?ml|json|out|err|gz)\d*|\d+)$/i,
    '',
  );
  const words = base.split(/[-.\s]+/).filter((word) => !generic.test(word) && !/^\d+$/.test(word));
  const name = words.join('-').replace(/-(?:log|txt)$/, '');
  return /^[a-z][\w-]{2,}$/i.test(name) ? name.toLowerCase() : null;
}

/** The workload that is not well, as far as the platform's output shows one. */
export function unhealthyApp(picture: Picture): string | null {
  const pod = picture.pods.find((candidate) => !isHealthy(candidate)) ?? null;
  if (pod) return pod.app;
  const warning = picture.events.find(
    (event) => event.type === 'Warning' && !event.over && event.object?.startsWith('pod/'),
  );
  return warning?.object ? appOfPod(warning.object) : null;
}

const failedUnit =
  /^([\w.-]+?)(?:@[\w.-]*)?\.service: (?:Main process exited|Failed with|Start request repeated|A process of this unit|Watchdog timeout|Scheduled restart)|^exited: ([\w.-]+) \(|gave up: ([\w.-]+) entered FATAL|^(?:container )?([\w.-]+?)(?:[-_]\d+)? exited with code [1-9]/;

/** The unit that systemd or supervisord says failed, where it is one only. */
export function failedUnitApp(reading: Reading): string | null {
  const units = new Set<string>();
  for (const { kind, message } of reading.lines) {
    const match = kind === 'log' ? failedUnit.exec(message) : null;
    const name = match?.slice(1).find(Boolean);
    if (name) units.add(name);
  }
  const [only] = units;
  return units.size === 1 && only ? only : null;
}

/** PostgreSQL's log names nobody; its levels stand before two blanks as nobody else's do. */
export function serverApp(lines: readonly LogLine[]): string | null {
  const own = /(?:^|[\s\]])(?:LOG|FATAL|PANIC|STATEMENT): {2}\S/;
  return lines.some(({ kind, text }) => kind === 'log' && own.test(text.slice(0, 200)))
    ? 'postgresql'
    : null;
}

/** The program that syslog names most often, besides those of the platform. */
export function processApp(lines: readonly LogLine[]): string | null {
  const counts = new Map<string, number>();
  for (const { process } of lines) {
    // `postfix` of `postfix/smtp[40]`
    const name = process?.replace(/\[\d+\]$|\/.*/g, '');
    if (name && !platform.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? null;
}
