import { WarRoomError } from '../../base/errors';
import type { PackageProgram } from './fetchedPackage';

/**
 * Names and exact versions of each registry, and what its registry makes a version of: tags and
 * ranges. Paths and addresses are none of these.
 */
const patterns = {
  npm: {
    package: /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i,
    version: /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/,
    wanted: /^(?:[a-z][a-z0-9-]*|[~^]?\d+(?:\.(?:\d+|x)){0,2}(?:-[a-z0-9.-]*[a-z0-9])?)$/i,
  },
  pypi: {
    package: /^[a-z0-9][\w.-]*(?:\[[\w.,-]+\])?$/i,
    version: /^\d[\w.!+]*$/,
    wanted: /^latest$/,
  },
} as const;

/** A package is only taken by its name and one exact version. @throws code `image-failed` */
export function checkPinned({ kind, package: name, version }: PackageProgram): void {
  if (patterns[kind].package.test(name) && patterns[kind].version.test(version)) return;
  throw new WarRoomError(
    'image-failed',
    `${name}@${version} is no package with an exact version, so it was not fetched; name the version, for example 1.2.3.`,
  );
}

/**
 * A registry is only asked for a package by its name, and a version, a tag or a range.
 * @throws code `image-failed`
 */
export function checkNamed({ kind, package: name, version }: PackageProgram): void {
  const known = patterns[kind];
  const isNamed = known.version.test(version) || known.wanted.test(version);
  if (known.package.test(name) && isNamed) return;
  throw new WarRoomError(
    'image-failed',
    `${name}@${version} is no package of a registry, so nothing was looked up; name it as NAME or NAME@VERSION, for example with the version 1.2.3.`,
  );
}

/** An image of others is only taken by its digest. @throws code `image-failed` */
export function checkDigest(image: string): void {
  if (/^[a-z0-9][\w./:-]*@sha256:[0-9a-f]{64}$/i.test(image)) return;
  throw new WarRoomError(
    'image-failed',
    `The image ${image} names no digest, so it was not pulled; name it as image@sha256:….`,
  );
}

/** True if what was recorded is one of the files that are asked for. */
export function isIntegrity(asked: string | null, recorded: string | null): boolean {
  if (asked === null || recorded === null) return asked === null;
  const known = recorded.split(/\s+/);
  return asked.split(/\s+/).some((each) => known.includes(each));
}
