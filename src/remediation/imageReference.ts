/** An image without its tag, in full: `docker.io` and `library/nginx` of `nginx`. */
export interface ImageRepository {
  /** Host, with its port where one is named. */
  registry: string;
  name: string;
}

/** `registry/name` and `tag` of an image's reference; no tag where it is named by its digest. */
export function splitImage(image: string): { repository: string; tag: string | null } {
  const [bare = '', digest] = image.split('@');
  const at = bare.lastIndexOf(':');
  const tagged = at > bare.lastIndexOf('/');
  return {
    repository: tagged ? bare.slice(0, at) : bare,
    tag: digest === undefined && tagged ? bare.slice(at + 1) : null,
  };
}

/** True for a tag by its grammar, without a digest. */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

const host =
  /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const component = /^[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*$/;
const digest = /^[a-z\d+._-]+:[\da-f]{32,}$/i;
const longestName = 255;

/**
 * The image that a reference names, with or without tag or digest, as the container engines read it:
 * a first part with a dot or a port, or `localhost`, is the registry, else it is Docker Hub.
 * @returns undefined for what is no reference
 */
export function parseRepository(reference: string): ImageRepository | undefined {
  const [, pinned = '', ...more] = reference.split('@');
  if (reference.length > 2 * longestName || more.length > 0) return undefined;
  if (reference.includes('@') && !digest.test(pinned)) return undefined;
  const [first = '', ...rest] = splitImage(reference).repository.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isHost && !host.test(first)) return undefined;
  const registry = isHost ? first.toLowerCase() : 'docker.io';
  const parts = isHost ? rest : [first, ...rest];
  const isHub = registry === 'docker.io' || registry === 'index.docker.io';
  const name = (isHub && parts.length === 1 ? ['library', ...parts] : parts).join('/');
  if (name.length > longestName || !name.split('/').every((part) => component.test(part))) {
    return undefined;
  }
  return { registry: isHub ? 'docker.io' : registry, name };
}

/** `registry.example:5000/shop`. */
export function fullName({ registry, name }: ImageRepository): string {
  return `${registry}/${name}`;
}
