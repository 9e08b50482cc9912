import type { Category } from '../../incident/category';
import type { Finding, Playbook } from '../playbook';
import { isServerError } from '../read/answers';
import { isSearched } from '../read/logLine';
import type { Reading } from '../read/reading';
import { calibrated, enough } from './calibration';
import { commonGround } from './ground';
import { withoutEchoes } from './echoes';
import { depth, layerOf, playbookOf } from './layer';
import { withoutNoise } from './noise';
import { judge } from './predictions';
import { relevantTo } from './relevance';
import { withoutRecovered } from './recovered';
import type { Hit } from './search';
import { withoutVisitors } from './visitors';

/** From this weight on a deeper cause explains what lies above it. */
const proven = 0.6;
/** No evidence read from text makes us surer. */
const most = 0.98;
/** What symptoms alone can add up to. */
const symptomsOnly = 0.45;

/** A category with what speaks for it. */
export interface Weighed {
  playbook: Playbook;
  /** What the findings add up to, 0 to 1: their order, but no probability. */
  weight: number;
  /** The probability that it is the root cause. */
  confidence: number;
  /** Best first. */
  findings: readonly Finding[];
  /** When it was first seen, milliseconds since 1970; null when some finding has no time. */
  began: number | null;
}

/** Weighs all findings; deepest proven cause first. */
export function weigh(
  findings: readonly Finding[],
  hits: readonly Hit[],
  reading: Reading,
  subject: string | null,
): Weighed[] {
  const current = withoutRecovered(withoutVisitors(findings, reading.lines), hits, reading);
  const heard = withoutNoise(current, reading, layerOf);
  const near = onGround(withoutEchoes(relevantTo(subject, heard), reading), reading);
  const groups = new Map<Category, Finding[]>();
  for (const finding of near) {
    const group = groups.get(finding.category);
    if (group) group.push(finding);
    else groups.set(finding.category, [finding]);
  }
  const weighed: Weighed[] = [];
  for (const [category, group] of groups) {
    const playbook = playbookOf(category);
    if (!playbook) continue;
    const sorted = group.toSorted((a, b) => b.weight - a.weight || a.order - b.order);
    const weight = weightOf(sorted) * doubtOf(sorted, reading, subject);
    weighed.push({
      playbook,
      weight,
      confidence: calibrated(weight, playbook.layer),
      findings: sorted,
      began: beganAt(sorted, reading),
    });
  }
  return weighed.sort(deepestFirst);
}

/** What is left of a cause whose prediction the platform's output contradicts. */
const contradicted = 0.6;

/** A platform's fact stands; what only programs say is doubted where the platform shows otherwise. */
function doubtOf(findings: readonly Finding[], reading: Reading, subject: string | null): number {
  const [best] = findings;
  if (!best) return 1;
  if (isBareStatus(best, reading)) return contradicted;
  if (best.role === 'fact' || isOfOneRequest(best, reading)) return 1;
  const host = findings.find(({ facts }) => facts.host)?.facts.host ?? null;
  const judged = judge(best.category, reading, best.app ?? subject, host);
  return judged.some(({ outcome }) => outcome === 'contradicted') ? contradicted : 1;
}

/** An answer stands so near to what was thrown for it. */
const nearAnswer = 4;
const requested = /\b(?:GET|POST|PUT|PATCH|DELETE) \/(?!health|ready|live|\w*z\b)/;

/** Its server answered with a failure and goes on: its container was never to end. */
function isOfOneRequest({ category, order }: Finding, { lines }: Reading): boolean {
  if (category !== 'unhandled-exception') return false;
  const near = lines.slice(Math.max(0, order - nearAnswer), order + nearAnswer + 1);
  return near.some((line) => isServerError(line) && requested.test(line.text.slice(0, 400)));
}

/** A status table says that something is not well; nobody was asked why. */
function isBareStatus({ category }: Finding, { lines }: Reading): boolean {
  const layer = layerOf(category);
  return (
    (layer === 'loop' || layer === 'probe') &&
    lines.every((line) => !isSearched(line) || line.message.trim() === '')
  );
}

/** What a deeper proven cause explains is this much less likely to be a cause of its own. */
const explained = 0.5;

/**
 * The confidence of each to be the root cause, best first. There is one root cause: where the first
 * is sure enough to be the answer it keeps its confidence and the others share the doubt that it
 * leaves; where none is, all together come to 1 at most.
 */
export function shared(
  weighed: readonly Weighed[],
): readonly { weighed: Weighed; confidence: number }[] {
  const [winner] = weighed;
  if (!winner) return [];
  const decided = winner.confidence >= enough;
  const others = (decided ? weighed.slice(1) : weighed).map((other) => {
    const effect = decided && depth(other.playbook.layer) > depth(winner.playbook.layer);
    return { weighed: other, confidence: other.confidence * (effect ? explained : 1) };
  });
  const sum = others.reduce((total, other) => total + other.confidence, 0);
  const share = (decided ? 1 - winner.confidence : 1) / Math.max(1, sum);
  const rest = others
    .map((other) => ({ ...other, confidence: other.confidence * share }))
    .sort((a, b) => b.confidence - a.confidence);
  return decided ? [{ weighed: winner, confidence: winner.confidence }, ...rest] : rest;
}

/** Distinct lines of distinct signals are independent witnesses. */
function weightOf(sorted: readonly Finding[]): number {
  const keys = new Set<string>();
  const lines = new Set<string>();
  let doubt = 1;
  for (const finding of sorted) {
    const line = `${finding.citation.line} ${finding.citation.source}`;
    if (keys.has(finding.key) || lines.has(line)) continue;
    keys.add(finding.key);
    lines.add(line);
    doubt *= 1 - finding.weight;
  }
  const strong = sorted.some((finding) => finding.role !== 'symptom');
  return Math.min(1 - doubt, strong ? most : Math.max(symptomsOnly, sorted[0]?.weight ?? 0));
}

function deepestFirst(a: Weighed, b: Weighed): number {
  const bothProven = a.weight >= proven && b.weight >= proven;
  if (!bothProven) return b.weight - a.weight;
  const deeper = depth(a.playbook.layer) - depth(b.playbook.layer);
  if (deeper !== 0) return deeper;
  const surer = b.weight - a.weight;
  if (Math.abs(surer) > 0.1) return surer;
  const earlier = a.began !== null && b.began !== null ? a.began - b.began : 0;
  return earlier !== 0 ? earlier : firstOrder(a) - firstOrder(b);
}

function beganAt(findings: readonly Finding[], { timeline }: Reading): number | null {
  const times = findings.map(({ citation, order }) => timeline.timeOf(citation, order));
  const known = times.filter((time) => time !== null);
  return known.length === times.length ? Math.min(...known) : null;
}

function firstOrder(weighed: Weighed): number {
  return Math.min(...weighed.findings.map((finding) => finding.order));
}

/** What the programs show counts this much where several fail for what they have in common. */
const together = 0.7;

/** Lessens what one application shows of itself, where several fail on one node, zone or image. */
function onGround(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const ground = commonGround(reading.picture, findings);
  if (!ground || ground.kind === 'upstream') return findings;
  const shown = depth('program');
  return findings.map((finding) =>
    depth(layerOf(finding.category) ?? 'origin') >= shown
      ? { ...finding, weight: finding.weight * together }
      : finding,
  );
}
