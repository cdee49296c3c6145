import { limits } from '#libs/contracts/limits.js';

import { plainBytes } from './address.js';
import { contains, networkOf, strictBytes, type Network } from './networks.js';

export const forwardedHeaders = ['x-forwarded-for', 'forwarded'] as const;
export type ForwardedHeader = (typeof forwardedHeaders)[number];

/**
 * Whom a request comes from when proxies of the house stand before the gateway: theirs is the
 * address of the connection, and the client's is in a header that they write.
 *
 * XF1  The header is believed from a connection of a trusted address, and from nobody else.
 * XF2  Each proxy adds at the right whom it was asked by. So the list is read from the right, as
 *      long as the address that was reached is trusted: the client is the first that is not. What
 *      stands further left is what somebody said of himself, and is not even looked at.
 * XF3  A name in place of an address (`unknown`, `_hidden`, or anything else) ends the reading: the
 *      client counts as the last proxy that was reached. Refusing instead would close the house for
 *      everybody at the first mistake in a proxy's configuration; this way they share the limit of
 *      one address, which is never more than theirs, and a number tells (`unreadable`).
 * XF4  At most proxyHopsMax entries are read.
 */
export class TrustedProxies {
  /** Requests of a trusted proxy whose header named no address where one was due. */
  unreadable = 0;

  constructor(
    private readonly networks: readonly Network[],
    readonly header: ForwardedHeader,
  ) {}

  /** `said`: the header's value, '' when there is none. 4 or 16 bytes. */
  clientOf(peer: ArrayBuffer, said: string): ArrayBuffer {
    let reached = plainBytes(new Uint8Array(peer));
    let end = said.length;
    for (let hops = 0; hops < limits.proxyHopsMax && end > 0; hops++) {
      if (!this.trusts(reached)) break;
      // A comma inside of quotes makes both halves unreadable; an address has none.
      const comma = said.lastIndexOf(',', end - 1);
      const next = this.addressIn(said.slice(comma + 1, end).trim());
      if (next === null) {
        this.unreadable += 1;
        break;
      }
      reached = next;
      end = comma;
    }
    return exactly(reached);
  }

  private trusts(address: Uint8Array): boolean {
    return this.networks.some((network) => contains(network, address));
  }

  private addressIn(entry: string): Uint8Array | null {
    const node = this.header === 'forwarded' ? forIn(entry) : entry;
    return node === null ? null : strictBytes(withoutPort(node));
  }
}

/** null: what is named there is no list of addresses and networks, or trusts everybody. */
export function networksOf(text: string): readonly Network[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const networks = parts.map(networkOf);
  return networks.every((network) => network !== null) ? networks : null;
}

/** RFC 7239, section 4: `for=192.0.2.60;proto=http`, `For="[2001:db8::17]:4711"`. */
function forIn(element: string): string | null {
  const found = element
    .split(';')
    .map((pair) => /^\s*for=(?:"([^"\\]*)"|([^"\s]*))\s*$/i.exec(pair))
    .filter((pair) => pair !== null);
  return found.length === 1 ? (found[0][1] ?? found[0][2]) : null;
}

/** `192.0.2.1:80`, `[2001:db8::1]:80` and `[2001:db8::1]`; IPv6 without brackets has no port. */
function withoutPort(node: string): string {
  const inBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node);
  if (inBrackets !== null) return inBrackets[1].includes(':') ? inBrackets[1] : '';
  return /^([\d.]+):\d{1,5}$/.exec(node)?.[1] ?? node;
}

function exactly(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
