import { BlockList, isIP } from 'node:net';

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addAddress('::1', 'ipv6');

/**
 * True for `localhost` and an address of this machine itself, IPv6 in brackets or without. Not for a
 * name below `localhost`, which some resolvers look up elsewhere.
 */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (bare === 'localhost') return true;
  const family = isIP(bare);
  return family !== 0 && addresses.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}
