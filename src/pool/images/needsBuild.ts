/** Fields of a package's manifest, as a registry or its `package.json` has them. */
export interface PackageManifest {
  name?: string;
  /** Told by registries in their short form, which leaves the scripts out. */
  hasInstallScript?: boolean;
  /** True for a package with a `binding.gyp`, which npm compiles when it is installed. */
  gypfile?: boolean;
  scripts?: Readonly<Record<string, unknown>>;
}

/** A package as a part of a server. */
export interface TreePackage extends PackageManifest {
  /** True when the server is meant to run without it too, so that its scripts may fail. */
  isOptional: boolean;
}

/** Packages that work without their install scripts, and what these do. */
const harmless: ReadonlyMap<string, string> = new Map([
  ['protobufjs', 'warns of version ranges'],
  ['core-js', 'prints an advertisement'],
  ['core-js-pure', 'prints an advertisement'],
  ['core-js-bundle', 'prints an advertisement'],
  ['es5-ext', 'prints a message'],
  ['@scarf/scarf', 'reports the installation'],
  ['ssh2', 'compiles a faster cipher, without which it uses its own'],
  ['esbuild', 'checks the binary that its own package brings'],
  ['@modelcontextprotocol/ext-apps', 'sets up its own build'],
  ['@azure/mcp', 'checks that the package of the platform is there'],
  ['@aashari/mcp-server-atlassian-jira', 'makes its own script executable'],
]);

/**
 * Names of the packages without whose install scripts a server does not work; with any the server
 * needs a build, which War Room does not do: scripts of packages run as the person, unasked.
 */
export function needsBuild(packages: readonly TreePackage[]): readonly string[] {
  return packages
    .filter((each) => !each.isOptional && runsAtInstall(each))
    .map(({ name }) => name ?? 'a package without a name')
    .filter((name) => !harmless.has(name));
}

/** True if npm would run something of the package when it is installed. */
export function runsAtInstall(manifest: PackageManifest): boolean {
  const { hasInstallScript, gypfile, scripts } = manifest;
  const events = ['preinstall', 'install', 'postinstall'];
  return (
    hasInstallScript === true ||
    gypfile === true ||
    events.some((event) => Boolean(scripts?.[event]))
  );
}

/** What is said of a server that needs a build. */
export function needsBuildSentence(server: string, packages: readonly string[]): string {
  const which = packages.slice(0, 3).join(', ') + (packages.length > 3 ? ', …' : '');
  return `${server} needs a build: ${which} would run scripts when it is installed, which War Room does not allow; choose another server.`;
}
