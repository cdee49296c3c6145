/**
 * Remote addresses as the edge gives them: 4 bytes, or 16 with IPv4 mapped into the last
 * four. An IPv6 customer owns a whole /64, so that is the unit a limit counts.
 */
const mappedPrefixBytes = 12;

function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 255 && bytes[11] === 255;
}

export function isLoopback(address: ArrayBuffer): boolean {
  const bytes = plainBytes(new Uint8Array(address));
  if (bytes.length === 4) return bytes[0] === 127;
  if (bytes.length !== 16) return false;
  for (let i = 0; i < 15; i++) if (bytes[i] !== 0) return false;
  return bytes[15] === 1;
}

/** IPv4 as its four bytes, also where IPv6 holds it. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length === 16 && isMapped(bytes) ? bytes.subarray(mappedPrefixBytes) : bytes;
}

/** A short key, the same for all addresses that share a limit. Not for people to read. */
export function addressKeyOf(address: ArrayBuffer): string {
  const bytes = plainBytes(new Uint8Array(address));
  return String.fromCharCode(...(bytes.length === 16 ? bytes.subarray(0, 8) : bytes));
}
