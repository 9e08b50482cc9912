/** How a server is made to run. */
export type Program =
  /** A script that comes with War Room. */
  | { kind: 'bundled'; script: string }
  /**
   * A package of the npm registry; `bin` where it has several commands. `version` may be a tag such
   * as `latest` where the person's own file names none.
   */
  | { kind: 'npm'; package: string; version: string; integrity: string | null; bin: string | null }
  /** A package of PyPI; `command` where it is not named as the package. */
  | {
      kind: 'pypi';
      package: string;
      version: string;
      integrity: string | null;
      command: string | null;
    }
  /** An image with its digest, `name@sha256:…`. */
  | { kind: 'oci'; image: string }
  /** A command of the person's own `mcp.json`; it runs unsandboxed, as that person, in `folder`. */
  | { kind: 'command'; command: string; folder: string };
