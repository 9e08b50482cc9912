import type { Clock } from '../../base/clock';
import type { Engine } from '../engine/connect';
import { newOwner, ownerText } from '../ownership/owner';
import { findBase } from './base';
import type { Base } from './base';
import { findImage } from './engineImages';
import type { PackageProgram, Target } from './fetchedPackage';
import type { Language } from './machineBase';
import type { Tell } from './sharedWork';

/** How long a base is taken for what it was found to be; one that could not be pulled, too. */
const knownMs = 10 * 60_000;

export interface BaseSettings {
  nodeImage: string;
  pythonImage: string;
}

/** The base images of this process; each is looked for and looked at once in a while. */
export class Bases {
  private readonly known = new Map<Language, { base: Base; engine: string; at: number }>();

  constructor(
    private readonly settings: () => BaseSettings,
    private readonly clock: Clock,
  ) {}

  /** The image that is set for a language. */
  setting(language: Language): string {
    const { nodeImage, pythonImage } = this.settings();
    return language === 'node' ? nodeImage : pythonImage;
  }

  /** @throws code `image-failed` with what to do; `engine-unavailable`, `cancelled` */
  async base(engine: Engine, language: Language, signal: AbortSignal, tell: Tell): Promise<Base> {
    const known = this.known.get(language);
    if (known && (await this.holds(known, engine, language, signal))) return known.base;
    const options = {
      language,
      image: this.setting(language),
      owner: ownerText(await newOwner()),
    };
    const base = await findBase(engine, options, signal, tell);
    this.known.set(language, { base, engine: engine.place.address, at: this.clock.monotonic() });
    return base;
  }

  /** What packages are most likely to run on, without asking an engine. */
  likelyTarget(program: PackageProgram): Target {
    const language = languageOf(program);
    const known = this.known.get(language)?.base.facts.target;
    const version = language === 'node' ? '24.0.0' : '3.13';
    return known ?? { cpu: process.arch, libc: 'glibc', libcVersion: '2.36', version };
  }

  private async holds(
    { base, engine: address, at }: { base: Base; engine: string; at: number },
    engine: Engine,
    language: Language,
    signal: AbortSignal,
  ): Promise<boolean> {
    const isCurrent =
      base.setting === this.setting(language) &&
      address === engine.place.address &&
      this.clock.monotonic() - at < knownMs;
    return isCurrent && (await findImage(engine, base.id, signal)) !== null;
  }
}

export function languageOf({ kind }: PackageProgram): Language {
  return kind === 'npm' ? 'node' : 'python';
}
