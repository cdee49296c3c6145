import { describe, expect, it } from '@jest/globals';

import { addressBytes } from './remote-address.js';

const ipv6 = (...groups: readonly number[]): number[] =>
  groups.flatMap((group) => [group >> 8, group & 0xff]);

describe('the bytes of an address', () => {
  it.each<[string, number[]]>([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['255.10.0.9', [255, 10, 0, 9]],
    ['::ffff:10.1.2.3', [10, 1, 2, 3]],
    ['::1', ipv6(0, 0, 0, 0, 0, 0, 0, 1)],
    ['::', ipv6(0, 0, 0, 0, 0, 0, 0, 0)],
    ['2001:db8::8:800:200c:417a', ipv6(0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a)],
    ['fe80::1%eth0', ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 1)],
    ['1:2:3:4:5:6:7:8', ipv6(1, 2, 3, 4, 5, 6, 7, 8)],
    ['2001:db8::', ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0)],
  ])('of %s', (text, bytes) => {
    expect([...new Uint8Array(addressBytes(text))]).toEqual(bytes);
  });

  it.each(['', 'localhost', '1.2.3', '1:2:3', '1:2:3:4:5:6:7:8:9', '::1:2:3:4:5:6:7:8:9'])(
    'are none for %j, which is no address',
    (text) => {
      expect(addressBytes(text).byteLength).toBe(0);
    },
  );
});
