import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

import {
  isMissing,
  makePrivateFolder,
  readIfThere,
  temporaryPrefix,
  writeAtomically,
} from '../../base/privateFiles';
import type { ServerTool } from '../pool';
import type { Program } from '../../incident/program';
import type { MachineBase } from './machineBase';
import type { ServerImage } from './serverImage';

/** A program that runs in an image. */
export type ImageProgram = Extract<Program, { kind: 'npm' | 'pypi' | 'oci' }>;

/** What is known of a program's image; it stays when the image goes, for the integrity. */
export interface ImageRecord {
  schema: 1;
  program: ImageProgram;
  /** Of the package, as it was when the image was made; null for images of others. */
  integrity: string | null;
  /** SHA-256 over name, version and integrity of all packages. */
  treeHash: string | null;
  publisher: string | null;
  /** Packages in all; 0 for images of others. */
  packages: number;
  /** Null once it was removed. */
  image: RecordedImage | null;
  /** Made of this machine, below the image before; it is left until it is out of date. */
  lastBase?: MachineBase | undefined;
  /** ISO 8601 */
  builtAt: string;
  /** ISO 8601 */
  lastUsedAt: string;
  timesUsed: number;
  /** As listed when it was proven; null until then. */
  tools: readonly ServerTool[] | null;
  /** How long its start took when it was last seen to start; null until then. */
  provenStartMs: number | null;
  /** Why it did not start without values, in its own words; null when it did. */
  notProven: string | null;
}

export interface RecordedImage extends ServerImage {
  base: RecordedBase | null;
  /** What it takes on the engine's disk besides its base; shared layers are counted once. */
  layers: readonly Layer[];
  /** False when it was on the engine before we asked for it: then it is not ours to remove. */
  isOurs: boolean;
}

export interface RecordedBase {
  /** As it was set. */
  setting: string;
  id: string;
  /** Where it was made of this machine. */
  machine: MachineBase | null;
}

export interface Layer {
  id: string;
  bytes: number;
}

/**
 * 1: its image is here and it was seen to start; 2: it is known here, but its image must be made
 * again, or tried with the values that it needs; 3: it was never seen here.
 */
export type Tier = 1 | 2 | 3;

/** The records of all images, one JSON file each, shared by all processes of this person. */
export class ImageRecords {
  /** @param folder need not exist */
  constructor(private readonly folder: string) {}

  async all(): Promise<readonly ImageRecord[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const files = names.filter(
      (name) => name.endsWith('.json') && !name.startsWith(temporaryPrefix),
    );
    const records = await Promise.all(files.map((name) => this.read(name)));
    return records.filter((each) => each !== undefined);
  }

  async of(program: ImageProgram): Promise<ImageRecord | undefined> {
    return await this.read(`${keyOf(program)}.json`);
  }

  async write(record: ImageRecord): Promise<void> {
    await makePrivateFolder(this.folder);
    const file = path.join(this.folder, `${keyOf(record.program)}.json`);
    await writeAtomically(file, JSON.stringify(record, null, 1));
  }

  async tierOf(program: ImageProgram): Promise<Tier> {
    const record = await this.of(program);
    if (!record) return 3;
    return record.image !== null && record.provenStartMs !== null ? 1 : 2;
  }

  /** What all images take on the engine's disk, as far as they are ours. */
  async bytes(): Promise<number> {
    return bytesOf(await this.all());
  }

  /** A file that is broken is as good as none: the image is built again. */
  private async read(name: string): Promise<ImageRecord | undefined> {
    try {
      const bytes = await readIfThere(path.join(this.folder, name));
      const record = bytes && (JSON.parse(bytes.toString('utf8')) as ImageRecord);
      return record?.schema === 1 ? record : undefined;
    } catch {
      return undefined;
    }
  }
}

/** True for what runs in an image of ours or of others. */
export function hasImage(program: Program): program is ImageProgram {
  return program.kind === 'npm' || program.kind === 'pypi' || program.kind === 'oci';
}

/** The same for the same package, version and command, whatever integrity is asked for. */
export function keyOf(program: ImageProgram): string {
  const parts =
    program.kind === 'oci'
      ? [program.kind, program.image]
      : [
          ...[program.kind, program.package, program.version],
          program.kind === 'npm' ? program.bin : program.command,
        ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

/** What is known of a program before anything was made for it. */
export function newRecord(program: ImageProgram, now: Date): ImageRecord {
  return {
    schema: 1,
    program,
    integrity: null,
    treeHash: null,
    publisher: null,
    packages: 0,
    image: null,
    builtAt: now.toISOString(),
    lastUsedAt: now.toISOString(),
    timesUsed: 0,
    tools: null,
    provenStartMs: null,
    notProven: null,
  };
}

/** Bytes of the images that are ours, with the bases that were made of this machine. */
export function bytesOf(records: readonly ImageRecord[]): number {
  const layers = new Map<string, number>();
  for (const { image } of records) {
    if (!image?.isOurs) continue;
    for (const { id, bytes } of image.layers) layers.set(id, bytes);
    if (image.base?.machine) layers.set(image.base.id, image.base.machine.bytes);
  }
  return [...layers.values()].reduce((sum, bytes) => sum + bytes, 0);
}
