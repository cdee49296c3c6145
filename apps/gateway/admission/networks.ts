import { isIP } from 'node:net';

import { addressBytes } from '../edge/remote-address.js';
import { plainBytes } from './address.js';

/** All addresses that begin with the same `bits` bits. IPv4 has 4 bytes, also out of IPv6. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

const mappedBits = 96;

/**
 * `10.0.0.0/8`, `2001:db8::/32`, or one address. null: it is none, or it is everybody (`/0`), whom
 * nobody can mean to trust.
 */
export function networkOf(text: string): Network | null {
  const [address, length, more] = text.split('/');
  const bytes = strictBytes(address);
  if (bytes === null || more !== undefined) return null;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const before = bytes.length === 4 && address.includes(':') ? mappedBits : 0;
  const bits = length === undefined ? bytes.length * 8 : Number(length) - before;
  return bits < 1 || bits > bytes.length * 8 ? null : { bytes, bits };
}

/** The bytes of what is an address and nothing else; null otherwise. IPv4 has 4, see plainBytes. */
export function strictBytes(text: string): Uint8Array | null {
  if (isIP(text) === 0 || text.includes('%')) return null;
  const bytes = new Uint8Array(addressBytes(text));
  return bytes.length === 0 ? null : plainBytes(bytes);
}

export function contains({ bytes, bits }: Network, address: Uint8Array): boolean {
  if (bytes.length !== address.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== address[i]) return false;
  const rest = 8 - (bits & 7);
  return rest === 8 || bytes[whole] >> rest === address[whole] >> rest;
}
