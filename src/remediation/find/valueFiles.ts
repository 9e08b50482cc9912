import { layerOf } from './layer';
import type { Gap, Layer } from './layer';
import { pathFrom } from './reader';
import type { Reader } from './reader';

/** A values file as a release names it, seen from a folder of the root. */
export function namedFile(reader: Reader, folder: string, name: string): Layer | Gap {
  const gap = (why: string): Gap => ({ gap: `${name} ${why}` });
  if (/^[a-z+]+::?\/?\//i.test(name)) return gap('lies outside of this repository');
  if (name.includes('{{') || name.includes('${')) return gap('is named by a template');
  const path = pathFrom(folder, name);
  if (path === null) return gap('leads out of the repository');
  if (path.endsWith('.gotmpl')) return gap('is a template, which is never edited');
  return reader.has(path) ? layerOf(path) : gap('is not in this repository');
}
