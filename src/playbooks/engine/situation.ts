import type { FactValues } from '../../incident/analysis';
import type { Citation } from '../../incident/evidence';
import type { Situation } from '../playbook';
import { appOfPod, type Container, type Pod } from '../read/picture';
import { commonPlace, factsOfPlace } from '../read/place';
import { hundredths, parseAmount } from '../read/quantity';
import type { Reading } from '../read/reading';
import { gatherCluster } from './cluster';
import { factsOfGroups, gather, isSafeName, valuesOf, type Gathered } from './facts';
import { citationOf } from './findings';
import type { Weighed } from './hypotheses';
import { leakIn } from './leak';
import { nameOf } from './naming';
import type { Hit } from './search';

/** The evidence as it was read, and what speaks for each category, deepest proven cause first. */
export interface Judged {
  reading: Reading;
  hits: readonly Hit[];
  weighed: readonly Weighed[];
  /** The application in question, where the evidence names one. */
  subject: string | null;
}

/** Gathers facts, nearest to the proof first, and everything else that the playbook's words need. */
export function situationOf(
  judged: Judged,
  best: Weighed | null,
): Situation & { gathered: Gathered } {
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
  if (share) gather(into, { throttledShare: hundredths(share.value) }, share.citation);
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
