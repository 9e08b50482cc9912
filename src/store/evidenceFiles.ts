import { join } from 'node:path';

import type { Incident } from '../incident/incident';
import type { EvidenceLine, EvidenceReference, EvidenceText } from '../incident/evidence';
import { digestOf } from '../base/digest';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';

/** What is stored of one incident's evidence at most, bytes. */
export const evidenceCapBytes = 8 * 1024 * 1024;

/** The form on disk; lines as `[number, text]`. */
interface StoredEvidence {
  source: string;
  complete: boolean;
  totalLines: number;
  lines: readonly (readonly [number, string])[];
}

/**
 * Stores masked text in `folder` under the SHA-256 of what is stored. Of text that exceeds
 * `roomBytes` the head and the tail are kept, and it is then no longer complete.
 */
export async function storeEvidence(
  folder: string,
  text: EvidenceText,
  facts: { totalBytes: number; roomBytes: number; collectedAt: string },
): Promise<EvidenceReference> {
  const kept = fitted(text, facts.roomBytes);
  const content = encode(kept);
  const digest = digestOf(content);
  await makePrivateFolder(folder);
  await writeAtomically(join(folder, digest), content);
  return {
    source: text.source,
    digest,
    totalBytes: facts.totalBytes,
    storedBytes: content.length,
    totalLines: text.totalLines,
    complete: kept.complete,
    collectedAt: facts.collectedAt,
  };
}

/**
 * Stores text as evidence of an incident, within what is left of its 8 MiB.
 * @returns the incident with it, unchanged where it holds that text already
 */
export async function withEvidence(
  folder: string,
  incident: Incident,
  { text, totalBytes }: { text: EvidenceText; totalBytes: number },
  collectedAt: string,
): Promise<{ incident: Incident; reference: EvidenceReference }> {
  const used = incident.evidence.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  const roomBytes = evidenceCapBytes - used;
  const reference = await storeEvidence(folder, text, { totalBytes, roomBytes, collectedAt });
  const known = incident.evidence.find(
    ({ digest, source }) => digest === reference.digest && source === reference.source,
  );
  if (known) return { incident, reference: known };
  const evidence = [...incident.evidence, reference];
  return { incident: { ...incident, evidence }, reference };
}

/** Reads it back; what is gone or damaged comes back without lines, and as not complete. */
export async function readStoredEvidence(
  folder: string,
  { source, digest, totalLines }: EvidenceReference,
): Promise<EvidenceText> {
  const content = await readIfThere(join(folder, digest));
  const intact = content && digestOf(content) === digest;
  if (!intact) return { source, lines: [], complete: false, totalLines };
  const stored = JSON.parse(content.toString('utf8')) as StoredEvidence;
  return { ...stored, lines: stored.lines.map(([number, line]) => ({ number, text: line })) };
}

function encode({ source, complete, totalLines, lines }: EvidenceText): Buffer {
  const stored: StoredEvidence = {
    source,
    complete,
    totalLines,
    lines: lines.map(({ number, text }) => [number, text]),
  };
  return Buffer.from(JSON.stringify(stored));
}

function fitted(text: EvidenceText, roomBytes: number): EvidenceText {
  const sizes = text.lines.map(storedSize);
  const frame = encode({ ...text, lines: [], complete: false }).length;
  let room = roomBytes - frame;
  if (sizes.reduce((sum, size) => sum + size, 0) <= room) return text;
  // The start says what ran and the end how it died, so both are filled evenly from outside in.
  let head = 0;
  let tail = text.lines.length;
  let [headBytes, tailBytes] = [0, 0];
  while (head < tail) {
    const fromHead = headBytes <= tailBytes;
    const size = sizes[fromHead ? head : tail - 1] ?? 0;
    if (size > room) break;
    room -= size;
    if (fromHead) {
      head++;
      headBytes += size;
    } else {
      tail--;
      tailBytes += size;
    }
  }
  const lines = [...text.lines.slice(0, head), ...text.lines.slice(tail)];
  return { ...text, lines, complete: false };
}

/** Bytes of a line on disk: `[number,"text"],`. */
function storedSize({ number, text }: EvidenceLine): number {
  return Buffer.byteLength(JSON.stringify([number, text])) + 1;
}
