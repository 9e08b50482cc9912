import type { Log } from '../../base/log';
import type { Engine } from '../engine/connect';
import { storeLabel } from './buildServerImage';
import { imagesWith, removeImage } from './engineImages';
import { isUpToDate, machineBaseRepository } from './machineBase';
import { bytesOf, keyOf } from './records';
import type { ImageProgram, ImageRecord, ImageRecords } from './records';

const day = 24 * 60 * 60_000;
const unusedMs = 30 * day;

export interface ImageStock {
  engine: Engine;
  records: ImageRecords;
  /** Value of the {@link storeLabel}. */
  store: string;
  log: Log;
}

export interface CleaningRules {
  /** ms since 1970 */
  now: number;
  limitBytes: number;
  /** Key of the record whose image stays in any case; or null. */
  keep: string | null;
}

/**
 * Removes images that were not used for 30 days, then the longest unused until all together are
 * within the limit. What a container uses stays.
 */
export async function cleanUp(
  stock: ImageStock,
  { now, limitBytes, keep }: CleaningRules,
  signal: AbortSignal,
): Promise<void> {
  // What was just built is on a base of today.
  const outdated =
    keep === null ? await outdatedBases(await stock.records.all()) : new Set<string>();
  const oldestFirst = (await stock.records.all())
    .filter(({ image, program }) => image?.isOurs === true && keyOf(program) !== keep)
    .sort((a, b) => a.lastUsedAt.localeCompare(b.lastUsedAt));
  for (const record of oldestFirst) {
    const isUnused = now - Date.parse(record.lastUsedAt) > unusedMs;
    const isOutdated = outdated.has(record.image?.base?.machine?.tag ?? '');
    const bytes = bytesOf(await stock.records.all());
    const reason = isUnused
      ? 'it was not used for 30 days'
      : isOutdated
        ? 'this machine has another Node or Python by now'
        : bytes > limitBytes
          ? 'all images together are over their limit'
          : null;
    if (reason !== null) await removeRecorded(stock, record, reason, signal);
  }
  await removeUnknown(stock, signal);
  for (const tag of outdated) {
    await removeImage(stock.engine, `${machineBaseRepository}:${tag}`, signal);
  }
}

/** Tags of bases that would be made of other files today. */
async function outdatedBases(records: readonly ImageRecord[]): Promise<ReadonlySet<string>> {
  // Also those whose last image is gone already.
  const bases = records.flatMap(({ image, lastBase }) => [
    ...(image?.base?.machine ? [image.base.machine] : []),
    ...(lastBase ? [lastBase] : []),
  ]);
  const byTag = new Map(bases.map((base) => [base.tag, base]));
  const outdated = new Set<string>();
  for (const base of byTag.values()) {
    if (!(await isUpToDate(base))) outdated.add(base.tag);
  }
  return outdated;
}

async function removeRecorded(
  { engine, records, log }: ImageStock,
  record: ImageRecord,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const { image, program, lastUsedAt } = record;
  const now = await records.of(program);
  // It was wanted or made anew since it was looked at.
  if (!image || now?.image?.id !== image.id || now.lastUsedAt !== lastUsedAt) return;
  if (!(await removeImage(engine, image.id, signal))) return;
  await records.write({ ...now, image: null, lastBase: image.base?.machine ?? undefined });
  log.info(`Removed the image of ${nameOf(program)}: ${reason}.`);
}

function nameOf(program: ImageProgram): string {
  return program.kind === 'oci' ? program.image : `${program.package} ${program.version}`;
}

/** Removes what was half-made, and images that were built anew. */
export async function removeUnknown(
  { engine, records, store }: Pick<ImageStock, 'engine' | 'records' | 'store'>,
  signal: AbortSignal,
): Promise<void> {
  const all = await records.all();
  const known = new Set(all.flatMap(({ image }) => image?.id ?? []));
  // Under what is removed there may be more that is of no use.
  for (let removed = true; removed;) {
    removed = false;
    const unknown = (await imagesWith(engine, `${storeLabel}=${store}`, signal)).filter(
      (id) => !known.has(id),
    );
    for (const id of unknown) removed = (await removeImage(engine, id, signal)) || removed;
  }
}
