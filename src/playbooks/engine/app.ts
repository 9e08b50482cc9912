import type { LogLine } from '../read/logLine';
import { appOfPod, isHealthy, type Picture } from '../read/picture';
import type { Reading } from '../read/reading';
import { isCommonName, isGeneric, isPlatform } from './names';
import { speakingApp } from './speaking';

/** The application that a line's prefix or field names. */
export function appOfWriter(line: LogLine): string | null {
  const unit = /^([\w@.-]+?)(?:@[\w.-]*)?\.service(?::|$)/.exec(line.message);
  const name = unit?.[1] ?? line.writer;
  if (!name || (!unit && isPlatform(name))) return null;
  return appOfPod(name);
}

/** The application of the only workload that the platform's output shows. */
export function describedApp({ picture }: Reading): string | null {
  const described = new Set(picture.pods.map((pod) => pod.app));
  const [only] = described;
  return described.size === 1 && only ? only : null;
}

/** What the first evidence is about: what a person selected stands before what was collected. */
export function subjectOf(reading: Reading): string | null {
  const described = describedApp(reading);
  if (described) return described;
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

/** By this a server introduces itself, whose parts write under names of their own. */
const servers: readonly RegExp[] = [
  /(?:^|\s)([A-Z][a-z]{3,}) v\d+\.\d[\w.]*(?: \([\w.]+\))? starting up\b/,
];

/** By these a program introduces itself. */
const banners: readonly RegExp[] = [
  /(?:^|[\s:\]=])([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*) v?\d+\.\d[\w.+-]* (?:starting|started|up\b|is starting|listening|ready|on\b)/,
  /^(?:entrypoint|init|start|run): ([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+) v?\d+\.\d+/,
  /^> ([\w./-]+)@\d+\.\d+\.\d\S* \w/,
  /^([a-z][\w-]{2,40}) starting\b.*\bversion=/,
  /"([A-Z][A-Za-z]{3,}) starting" .*\bversion=/,
  /\bStarting ([A-Z][A-Za-z]{3,})(?: (?:[Ss]erver|agent|version))?(?:"|\.\.\.|$)/,
  /^==> ([A-Z][a-z]+) (?:server|agent) (?:configuration|started|running)/,
  /"Starting ([a-z][\w-]+)"? .*\bversion="?[(v\d]/,
  /^[IWEF]\d{4} .*\] "?Starting ([a-z]+(?:-[a-z]+)+)/,
];

/** A program that begins with its version alone; a number with two parts is a measurement. */
const versions: readonly RegExp[] = [
  /^([a-z][\w-]{2,40}),? (?:version )?(?:v\d+\.\d|\d+\.\d+\.\d)[\w.+-]*(?: \(|,|$)/,
];

const hints: readonly RegExp[] = [
  /\bapplication=[\w-]+\/([\w-]+)/,
  /\bdocker (?:service )?(?:run|create) .{0,400}--name[= ]([\w-]+)/,
  /\b(?:s(?:batch|run) .{0,400}--job-name|JobName)=([\w.-]+)/,
  /\bhelm (?:upgrade|install)(?: -\S+){0,40} ([a-z][\w-]*)/,
  /^\[([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\] /,
  /\b(?:deploy|deployment|release|rollout) of ([a-z][\w-]*)/,
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
  /\b(?:deployment|statefulset|daemonset|release)s? ["']([a-z][\w-]+)["']/i,
  /^Used By:\s+([a-z][\w-]+)/,
  /\bfor (?:Deployment|StatefulSet)\/[\w-]+\/([\w.-]+)/,
  /\bservice\.name: Str\(([\w.-]+)\)/,
  /\bdag_id=([\w-]+)/,
  /\[pool ([a-z][\w-]*)\]/,
  /\bservices\.([a-z][\w-]*): /,
  /\bfor site ([\w-]+)/,
  /^Application: ([\w.-]+)\.exe$/,
  /\bFaulting application name: ([\w.-]+)\.exe/,
  /^The ([\w.-]+) service (?:terminated|depends|hung|did not)\b/,
  /\bFile "\/usr\/(?:local\/)?bin\/([a-z][\w-]+)", line /,
  /\/home\/runner\/work\/([\w.-]+)\//,
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

/** A part of a program, where nothing names the whole. */
const tasks: readonly RegExp[] = [/\btask=([a-z][\w-]*)/];

/** A name in the first of these lines, by what most programs say of themselves. */
export function hintedApp(lines: readonly LogLine[]): string | null {
  return (
    matched(servers, lines) ??
    speakingApp(lines, 'apart') ??
    matched(banners, lines) ??
    matched(versions, lines.filter(({ kind }) => kind === 'log').slice(0, 1)) ??
    matched(hints, lines) ??
    filedApp(lines) ??
    matched(tasks, lines) ??
    speakingApp(lines, 'any')
  );
}

function matched(forms: readonly RegExp[], lines: readonly LogLine[]): string | null {
  const texts = lines.slice(0, 3000).map(({ text }) => text.slice(0, 500));
  for (const form of forms) {
    for (const text of texts) {
      const name = form.exec(text)?.[1];
      if (name && !isCommonName(name)) return appOfPod(kebab(name));
    }
  }
  return null;
}

/** A name in the names of the files. */
function filedApp(lines: readonly LogLine[]): string | null {
  for (const source of new Set(lines.map((line) => line.source))) {
    const app = appOfFile(source);
    if (app) return app;
  }
  return null;
}

/** `order-service` of `OrderService`. */
function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z][a-z])/g, '$1-$2').toLowerCase();
}

/** `checkout` of `logs/checkout-describe.txt`; null for names that say nothing. */
export function appOfFile(source: string): string | null {
  if (source === '-' || source.startsWith('mcp:')) return null;
  const base = (source.split(/[\\/]/).pop() ?? '').replace(
    /\.(?:(?:log|txt|ya?ml|json|out|err|gz)\d*|\d+)$/i,
    '',
  );
  if (isGeneric(base)) return null;
  const words = base.split(/[-.\s]+/).filter((word) => !isGeneric(word) && !/^\d+$/.test(word));
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
  /^([\w.-]+?)(?:@[\w.-]*)?\.service: (?:Main process exited|Failed with|Start request repeated|A process of this unit|Watchdog timeout|Scheduled restart)|^(?:\S+ \S+ \w+ )?exited: ([\w.-]+?)(?:_\d\d)? \(|gave up: ([\w.-]+?)(?:_\d\d)? entered FATAL|^(?:container )?([\w.-]+?)(?:[-_]\d+)? exited with code [1-9]/;

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
  const own = /(?:^|[\s\]])(?:LOG|FATAL|PANIC|STATEMENT): {2}\S|^\{.*"backend_type":"/;
  return lines.some(({ kind, text }) => kind === 'log' && own.test(text.slice(0, 600)))
    ? 'postgresql'
    : null;
}

/** The program that syslog names most often, besides those of the platform. */
export function processApp(lines: readonly LogLine[]): string | null {
  const counts = new Map<string, number>();
  for (const { process } of lines) {
    const name = programOf(process);
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? null;
}

/** `postfix` of `postfix/smtp[40]`; null for programs of the platform. */
export function programOf(process: string | null): string | null {
  const name = process?.replace(/\[\d+\]$|\/.*/g, '');
  return name && !isPlatform(name) ? name : null;
}
