import type { Analysis, FactValues } from '../../incident/analysis';
import { categories } from '../../incident/category';
import type { Citation } from '../../incident/evidence';
import type { Finding, Situation } from '../playbook';
import { appOfPod, type Container, type Pod } from '../read/picture';
import { commonPlace, factsOfPlace } from '../read/place';
import { parseAmount } from '../read/quantity';
import type { Reading } from '../read/reading';
import { isoOf } from '../read/time';
import { playbooks } from '../registry';
import { enough } from './calibration';
import { factsOfGroups, gather, isSafeName, valuesOf, type Gathered } from './facts';
import { changesIn } from './changes';
import { hypothesesOf } from './explain';
import { nameOf } from './naming';
import { citationOf } from './findings';
import { type Weighed } from './hypotheses';
import { secondIncident, type Second } from './second';
import { describeGround, questionsOf } from './ask';
import { keywordsOf } from './keywords';
import { gatherCluster } from './cluster';
import { leakIn } from './leak';
import type { Hit } from './search';

/** Lines that a root cause cites at most. */
const citedLines = 8;

interface Judged {
  reading: Reading;
  hits: readonly Hit[];
  weighed: readonly Weighed[];
  subject: string | null;
}

export function healthyAnswer(): Analysis {
  return {
    verdict: 'no-incident',
    category: null,
    severity: null,
    rootCause: null,
    hypotheses: [],
    missing: [],
    questions: [],
    facts: {},
    keywords: [],
    advice: null,
  };
}

export function incidentAnswer(judged: Judged & { best: Weighed }): Analysis {
  const { best, weighed, reading } = judged;
  const situation = situationOf(judged, best);
  const { playbook } = best;
  const onset = reading.timeline.isAbsolute ? isoOf(best.began) : null;
  const second = secondIncident(weighed, situation.app);
  const evidence = cite(
    best,
    weighed.filter((other) => other.playbook !== second?.playbook),
  );
  return {
    verdict: 'incident',
    category: playbook.category,
    severity:
      typeof playbook.severity === 'string' ? playbook.severity : playbook.severity(situation),
    rootCause: {
      summary: sentence(playbook.summary(situation)) + besides(second),
      confidence: round(best.confidence),
      mechanism: situation.mechanism,
      evidence,
      changes: changesIn(reading, best, situation.app),
    },
    hypotheses: hypothesesOf({ ...judged, second }),
    missing: reading.complete && best.confidence >= 0.8 ? [] : playbook.collect(situation),
    questions: questionsOf(judged, situation, playbook.questions(situation)),
    ...(onset === null ? {} : { onset }),
    facts: situation.gathered,
    keywords: keywordsOf(playbook.keywords, evidence),
    advice: playbook.advice(situation),
  };
}

export function undecidedAnswer(judged: Judged & { trouble: readonly Citation[] }): Analysis {
  const { weighed, trouble } = judged;
  const fallback = playbooks.find((playbook) => playbook.category === 'crash-loop');
  const best = weighed[0];
  const situation = situationOf(judged, best ?? null);
  const playbook = best?.playbook ?? fallback;
  return {
    ...healthyAnswer(),
    verdict: 'insufficient-evidence',
    hypotheses: hypothesesOf({ ...judged, second: null }),
    missing: [
      ...new Set([
        ...(playbook?.collect(situation) ?? []),
        ...(fallback?.collect(situation) ?? []),
        ...offlineLogs(judged.reading),
        ...describeGround(judged),
      ]),
    ],
    questions: questionsOf(judged, situation, [
      ...(playbook?.questions(situation) ?? []),
      ...offlineQuestions(judged.reading),
    ]),
    facts: situation.gathered,
    keywords: keywordsOf([], trouble.slice(0, citedLines)),
  };
}

function besides(second: Second | null): string {
  if (!second) return '';
  const what = categories[second.playbook.category].toLowerCase();
  return ` Apart from it, ${second.app} fails by itself (${second.playbook.category}: ${what}).`;
}

function offlineLogs({ picture }: Reading): string[] {
  return picture.offline.map(({ value }) => `kubectl logs deployment/${value} --tail=200`);
}

function offlineQuestions({ picture }: Reading): Analysis['questions'] {
  return picture.offline.map(({ value }) => ({
    server: 'logs',
    tool: 'get_service_logs',
    arguments: { service: value },
    why: `${value} is not online: its last words may say why`,
  }));
}

/** The proof first, then other kinds of proof, then the symptoms that it explains. */
function cite(best: Weighed, weighed: readonly Weighed[]): Citation[] {
  const chosen: Citation[] = [];
  const add = (finding: Finding): void => {
    const { citation } = finding;
    const known = chosen.some(
      (other) =>
        (other.source === citation.source && other.line === citation.line) ||
        other.text === citation.text,
    );
    if (!known && chosen.length < citedLines) chosen.push(citation);
  };
  const keys = new Set<string>();
  for (const finding of best.findings) {
    if (keys.has(finding.key)) continue;
    keys.add(finding.key);
    add(finding);
  }
  best.findings.slice(0, 4).forEach(add);
  for (const other of weighed) {
    if (other !== best && other.confidence >= enough) other.findings.slice(0, 1).forEach(add);
  }
  return chosen;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}

/** Gathers facts, nearest to the proof first, and everything else that the playbook's words need. */
function situationOf(judged: Judged, best: Weighed | null): Situation & { gathered: Gathered } {
  const { reading, hits, subject } = judged;
  const gathered: Gathered = {};
  const proof = best?.findings[0];
  for (const finding of best?.findings ?? []) gather(gathered, finding.facts, finding.citation);
  const common = commonPlace(reading.lines);
  const named = nameOf(reading, proof, subject) ?? appOfImage(gathered.image?.value);
  const app = named === null ? null : appOfPod(named);
  const bare = app !== null && isSafeName(app) ? app : null;
  const pod = podOf(reading, bare, gathered.pod?.value);
  if (pod) gatherPod(gathered, pod, gathered.container?.value);
  gatherEvents(gathered, reading, bare);
  if (common && common.place.app === bare) {
    gather(gathered, factsOfPlace(common.place), common.citation);
  }
  const shown = proof?.citation ?? pod?.citation;
  if (bare && shown) gather(gathered, { app: bare }, shown);
  gatherExtracts(gathered, reading, hits);
  gatherMeasures(gathered, judged);
  gatherCluster(gathered, reading.picture, bare);
  return {
    facts: valuesOf(gathered),
    gathered,
    app: bare,
    mechanism: best?.findings.find((finding) => finding.mechanism !== null)?.mechanism ?? null,
    picture: reading.picture,
    proof: proof?.citation.text ?? '',
  };
}

/** `frontend` of `images.example/retail/frontend:2.1`. */
function appOfImage(image: string | undefined): string | null {
  return /^([\w-]+)/.exec((image ?? '').split('/').at(-1) ?? '')?.[1] ?? null;
}

function podOf(reading: Reading, app: string | null, name: string | undefined): Pod | undefined {
  const { pods } = reading.picture;
  const fits = pods.filter((pod) =>
    name ? pod.name === name : app === null || pod.app === app || appOfPod(pod.name) === app,
  );
  // A described pod says more than a row of a table.
  return fits.find((pod) => pod.containers.some((it) => it.image !== null)) ?? fits[0];
}

function gatherPod(into: Gathered, pod: Pod, containerName: string | undefined): void {
  gather(into, { pod: pod.name }, pod.citation);
  if (pod.namespace) gather(into, { namespace: pod.namespace }, pod.citation);
  if (pod.node) gather(into, { node: pod.node }, pod.citation);
  gather(into, pod.origin ?? {}, pod.citation);
  const container =
    pod.containers.find((candidate) => candidate.name === containerName) ??
    pod.containers.find(
      (candidate) => candidate.state?.kind === 'waiting' || candidate.lastState,
    ) ??
    pod.containers.at(-1);
  if (container) gatherContainer(into, container);
}

function gatherContainer(into: Gathered, container: Container): void {
  const add = <Name extends keyof FactValues>(
    name: Name,
    cited: { value: FactValues[Name]; citation: Citation } | null | undefined,
  ): void => {
    if (cited) gather(into, { [name]: cited.value }, cited.citation);
  };
  const ended = container.state?.kind === 'terminated' ? container.state : container.lastState;
  add('image', container.image);
  add('memoryLimit', container.limits.memory);
  add('memoryRequest', container.requests.memory);
  add('cpuLimit', container.limits.cpu);
  add('cpuRequest', container.requests.cpu);
  add('restarts', container.restarts);
  add('exitCode', ended?.exitCode);
  add('reason', ended?.reason);
  const any = container.image ?? container.restarts ?? container.state?.reason;
  if (any) gather(into, { container: container.name }, any.citation);
}

function gatherEvents(into: Gathered, reading: Reading, app: string | null): void {
  for (const event of reading.picture.events) {
    if (!event.object?.startsWith('pod/')) continue;
    const name = event.object.slice('pod/'.length);
    if (app !== null && appOfPod(name) !== app) continue;
    gather(into, { pod: name }, event.citation);
    if (event.namespace) gather(into, { namespace: event.namespace }, event.citation);
  }
}

function gatherExtracts(into: Gathered, reading: Reading, hits: readonly Hit[]): void {
  // The last banner counts: the program may have been started with other options before.
  for (const hit of hits.toReversed()) {
    const line = reading.lines[hit.index];
    if (hit.pattern.use.kind === 'extract' && line) {
      gather(into, factsOfGroups(hit.groups), citationOf(line));
    }
  }
}

function gatherMeasures(into: Gathered, { reading, hits }: Judged): void {
  const { memoryUse, throttling } = reading.picture;
  const peak = memoryUse.toSorted((left, right) => right.value - left.value)[0];
  if (peak) gather(into, { memoryPeakBytes: peak.value }, peak.citation);
  const share = throttling.toSorted((left, right) => right.value - left.value)[0];
  if (share) gather(into, { throttledShare: round(share.value) }, share.citation);
  const leak = leakIn(reading.lines);
  if (leak) gather(into, { memoryLeak: true }, leak);
  gatherProgress(into, reading, hits);
  gatherCpu(into, reading);
}

/** Progress is two different steps: a stuck start repeats one. */
function gatherProgress(into: Gathered, reading: Reading, hits: readonly Hit[]): void {
  const steps = new Map<string, Citation>();
  for (const hit of hits) {
    const line = reading.lines[hit.index];
    if (hit.pattern.use.kind === 'progress' && line) steps.set(line.message, citationOf(line));
  }
  const last = [...steps.values()].at(-1);
  if (steps.size >= 2 && last && into.probe) gather(into, { startProgressed: true }, last);
}

/** A container held at its limit wanted at least what the throttled periods would have added. */
function gatherCpu(into: Gathered, reading: Reading): void {
  const limit = parseAmount(into.cpuLimit?.value ?? '');
  const share = reading.picture.throttling.toSorted((a, b) => b.value - a.value)[0];
  if (limit === null || !share || share.value >= 1) return;
  const wanted = limit * (1 + share.value);
  gather(into, { cpuWanted: Math.round(wanted * 1000) / 1000 }, share.citation);
}
