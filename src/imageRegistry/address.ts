import { BlockList, isIPv4 } from 'node:net';

import { isLoopback } from '../base/loopback';
import { Unheard } from './unheard';

/** Where Docker Hub answers for the name that images have. */
const hub = { name: 'docker.io', host: 'registry-1.docker.io' };

/** No registry is there, and of some of them answers what nobody outside should ask: cloud metadata. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');

/**
 * The base address of a registry. As for the container engines, one on this machine's own loopback
 * speaks plain HTTP and every other TLS; here its certificate must be good without exception.
 * @throws Unheard for an address that no registry has
 */
export function baseOf(registry: string): URL {
  const host = registry === hub.name ? hub.host : registry;
  const secure = `https://${host}/`;
  if (!URL.canParse(secure)) throw new Unheard('its name is no address');
  // The parser writes `127.1` and `0x7f000001` as `127.0.0.1`: what is judged is what is connected to.
  const url = new URL(secure);
  if (isIn(never, url)) throw new Unheard('no registry is at such an address, so it was not asked');
  return isLoopback(url.hostname) ? new URL(`http://${url.host}/`) : url;
}

/**
 * True if what `from` answered may lead to `to`: over TLS to a host, never to this machine or to an
 * address that is never asked, unless `from` is itself on this machine. A login in it is refused.
 */
export function mayLead(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '' || isIn(never, to)) return false;
  const isHttp = to.protocol === 'http:' || to.protocol === 'https:';
  if (isLoopback(to.hostname)) return isHttp && isLoopback(from.hostname);
  return to.protocol === 'https:';
}

function isIn(list: BlockList, { hostname }: URL): boolean {
  if (hostname.startsWith('[')) return list.check(hostname.slice(1, -1), 'ipv6');
  return isIPv4(hostname) && list.check(hostname, 'ipv4');
}
