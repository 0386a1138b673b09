import { isIP, SocketAddress } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Stands for the address of a caller who hung up before anybody asked. */
const unknownAddress = 'unknown';

/**
 * Where a request comes from: the peer of its socket, or, behind reverse proxies, what they say of it.
 *
 * Each proxy adds whom it heard from to the right end of X-Forwarded-For; whatever stands further left the caller may have
 * written himself, and is not believed. What is missing or no address is answered with the socket's.
 * @param proxyHops how many proxies of ours stand in front (KONTOR_PROXY_HOPS)
 */
export function clientAddress(c: Context, proxyHops: number): string {
  const peer = readAddress(getConnInfo(c).remote.address ?? '') ?? unknownAddress;
  if (proxyHops === 0) return peer;
  const told = (c.req.header('x-forwarded-for') ?? '').split(',');
  return readAddress(told.at(-proxyHops) ?? '') ?? peer;
}

/** The address as it is kept and compared: IPv4 in dots, also when it came through an IPv6 socket; IPv6 at its shortest. */
function readAddress(text: string): string | undefined {
  // Some proxies tell the port too.
  const [, bracketed, dotted] = /^\s*(?:\[([^\]]{2,60})\](?::\d{1,5})?|([\d.]{7,15}):\d{1,5})\s*$/.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text.trim();
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return undefined;
  const shortest = new SocketAddress({ address, family: 'ipv6' }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(shortest)?.[1] ?? shortest;
}

/**
 * What is counted as one caller: an IPv4 address, or the 64 bits of an IPv6 address that its holder was given, who has the
 * other 64 to himself (RFC 6177).
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [left = '', right] = address.split('::');
  const first = left === '' ? [] : left.split(':');
  const last = right ? right.split(':') : [];
  const groups = right === undefined ? first : [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
