/**
 * An address as Node tells it, as the bytes that limits are counted by: 4, or 16 for IPv6. IPv4
 * that came through an IPv6 socket is IPv4. What is no address has no bytes.
 */
export function addressBytes(text: string): ArrayBuffer {
  const plain = text.split('%')[0];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  const ipv4 = fourBytes(mapped?.[1] ?? plain);
  const bytes = ipv4 ?? sixteenBytes(plain) ?? [];
  return Uint8Array.from(bytes).buffer;
}

function fourBytes(text: string): number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return null;
  return parts.map(Number);
}

const groupCount = 8;

/** `::` stands once for as many zero groups as are missing. */
function sixteenBytes(text: string): number[] | null {
  if (!/^[0-9a-f:]+$/i.test(text)) return null;
  const [before, after] = text.split('::');
  const head = groupsOf(before);
  const tail = groupsOf(after ?? '');
  const missing = groupCount - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 0) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

const groupsOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
