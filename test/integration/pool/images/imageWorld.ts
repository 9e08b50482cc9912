import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '../../../../src/base/clock';
import type { Clock } from '../../../../src/base/clock';
import { silentLog } from '../../../../src/base/log';
import type { Engine } from '../../../../src/pool/engine/connect';
import { ImageFolder } from '../../../../src/pool/images/imageFolder';
import { createImages } from '../../../../src/pool/images/images';
import type { ImageSettings, PoolImages } from '../../../../src/pool/images/images';
import type { PackageProgram } from '../../../../src/pool/images/fetchedPackage';
import { ImageRecords } from '../../../../src/pool/images/records';
import type { ImageProgram } from '../../../../src/pool/images/records';
import type { ServerSpec } from '../../../../src/pool/serverSpec';
import { bundleScript } from '../../../harness/bundleScript';
import { engineAt } from '../../../harness/engine';
import { projectRoot } from '../../../harness/paths';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';

export const soon = () => AbortSignal.timeout(60_000);
export const late = () => AbortSignal.timeout(570_000);

/** An engine, npm's settings, and a folder of images of its own. What was built goes with it. */
export class ImageWorld implements AsyncDisposable {
  /** What the images wrote into their log. */
  readonly told: string[] = [];
  readonly records: ImageRecords;
  private readonly opened: PoolImages[] = [];
  private readonly variables = new Map<string, string | undefined>();
  private caches = 0;

  private constructor(
    readonly engine: Engine,
    readonly npmScript: string,
    private readonly folder: TemporaryFolder,
  ) {
    this.records = new ImageRecords(join(this.path, 'records'));
  }

  static async open(engineHost = process.env['DOCKER_HOST'] ?? ''): Promise<ImageWorld> {
    const folder = await temporaryFolder('images');
    const source = join(projectRoot, 'src', 'pool', 'images', 'npm', 'main.ts');
    const npmScript = await bundleScript(source, folder.path);
    return new ImageWorld(await engineAt(engineHost), npmScript, folder);
  }

  /** Folder of the images. */
  get path(): string {
    return join(this.folder.path, 'images');
  }

  /** Each is as one of another process. */
  images(settings: Partial<ImageSettings> = {}, clock: Clock = systemClock): PoolImages {
    const images = createImages({
      folder: this.path,
      npmScript: this.npmScript,
      engine: () => Promise.resolve(this.engine),
      settings: () => ({
        nodeImage: 'war-room-test/none:1',
        pythonImage: 'war-room-test/none:1',
        imagesMiB: 4096,
        containerMemoryMiB: 200,
        containerCpus: 0.5,
        ...settings,
      }),
      clock,
      log: { ...silentLog, info: (message) => this.told.push(message) },
    });
    this.opened.push(images);
    return images;
  }

  /** Gives npm a `.npmrc` and a cache of this world's own; `lines` name the registry. */
  async npmrc(...lines: readonly string[]): Promise<void> {
    const file = join(this.folder.path, 'npmrc');
    await writeFile(file, [...lines, 'fetch-retries=0', ''].join('\n'), { mode: 0o600 });
    this.setVariable('npm_config_userconfig', file);
    this.setVariable('npm_config_globalconfig', join(this.folder.path, 'none'));
    this.freshCache();
  }

  /** What npm has fetched so far is forgotten. */
  freshCache(): void {
    this.caches += 1;
    this.setVariable('npm_config_cache', join(this.folder.path, `cache-${this.caches}`));
  }

  /** Until the end of this world. */
  setVariable(name: string, value: string): void {
    if (!this.variables.has(name)) this.variables.set(name, process.env[name]);
    process.env[name] = value;
  }

  /** Ids of the images that were built here. */
  async built(): Promise<string[]> {
    const label = `war-room.store=${await new ImageFolder(this.path).label()}`;
    const images = await this.engine.client.listImages({ filters: { label: [label] } });
    return images.map(({ Id }) => Id);
  }

  async isThere(image: string): Promise<boolean> {
    return await this.engine.client
      .getImage(image)
      .inspect()
      .then(
        () => true,
        () => false,
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const images of this.opened) await images.dispose();
    for (const [name, value] of this.variables) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (let ids = await this.built(); ids.length > 0; ids = await this.built()) {
      for (const id of ids) await this.engine.client.getImage(id).remove({ force: true });
    }
    await this.folder.remove();
  }
}

export function npm(
  name: string,
  version = '1.0.0',
  changes: { integrity?: string; bin?: string } = {},
): Extract<PackageProgram, { kind: 'npm' }> {
  const { integrity = null, bin = null } = changes;
  return { kind: 'npm', package: name, version, integrity, bin };
}

export function specOf(program: ImageProgram, args: readonly string[] = []): ServerSpec {
  return { name: 'tried', program, args, environment: [], state: 'none', hosts: [] };
}
