/** Name by which a container reaches the machine that its engine runs on. */
export const hostGatewayName = 'host.docker.internal';

/**
 * A loopback host in a value: at its start or after what comes before a host in a URL or a list,
 * and followed by what may come after one.
 */
const loopback =
  /(?<=^|[/@=,;\s"'])(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?=$|[:/?#,;\s"'])/gi;

/**
 * The environment as a container is to see it. To a container `localhost` is itself, so loopback
 * addresses in the values become the host's gateway, and a server reaches what runs on the person's
 * machine.
 */
export function forContainer(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, textForContainer(value)]),
  );
}

/** The same for one text: an argument may hold an address too. */
export function textForContainer(text: string): string {
  return text.replace(loopback, hostGatewayName);
}
