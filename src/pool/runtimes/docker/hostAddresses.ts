import { filledArgs } from '../../filledArgs';
import type { StartRequest } from '../../runtime';

/** Name by which a container reaches the machine that its engine runs on. */
export const hostGatewayName = 'host.docker.internal';

/**
 * A loopback host in a value: at its start or after what comes before a host in a URL or a list,
 * and followed by what may come after one.
 */
const loopback =
  /(?<=^|[/@=,;\s"'])(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?=$|[:/?#,;\s"'])/gi;

/** A request, and what it says as its container is to see it. */
export interface ContainerView {
  request: StartRequest;
  /** The request's arguments with the values in them. */
  args: readonly string[];
  /** Of the declared variables only. */
  environment: Readonly<Record<string, string>>;
  /** Name in the container for the machine that the engine runs on; null when it needs none. */
  hostName: string | null;
}

/**
 * To a container `localhost` is itself, so loopback addresses in values and arguments become the
 * host's gateway, and a server reaches what runs on the person's machine.
 */
export function asContainerSees(asked: StartRequest): ContainerView {
  const { environment: declared, hosts } = asked.spec;
  const args = filledArgs(asked).map(addressed);
  const environment = Object.fromEntries(
    Object.entries(asked.environment)
      .filter(([name]) => declared.includes(name))
      .map(([name, value]) => [name, addressed(value)]),
  );
  const texts = [...hosts, ...args, ...Object.values(environment)];
  const meansHost = hosts.length > 0 && texts.some((text) => text.includes(hostGatewayName));
  return { request: asked, args, environment, hostName: meansHost ? hostGatewayName : null };
}

/** A text with the host's gateway in the place of loopback hosts. */
export function addressed(text: string): string {
  return text.replace(loopback, hostGatewayName);
}
