import { describe, expect, it } from '@jest/globals';

import { ByteCache } from './byte-cache.js';

interface Thing {
  bytes: number;
  used?: boolean;
}

function cacheOf(bytesMax: number): { cache: ByteCache<string, Thing>; gone: string[] } {
  const gone: string[] = [];
  const cache = new ByteCache<string, Thing>({
    bytesMax,
    bytesOf: ({ bytes }) => bytes,
    inUse: (_key, { used }) => used === true,
    dropped: (key) => gone.push(key),
  });
  return { cache, gone };
}

describe('a cache that is bounded by bytes', () => {
  it('keeps many light values, and few heavy ones', () => {
    const { cache } = cacheOf(1_000);
    for (let i = 0; i < 200; i++) cache.set(`light ${i}`, { bytes: 10 });
    expect([cache.size, cache.bytes]).toEqual([100, 1_000]);
    for (let i = 0; i < 10; i++) cache.set(`heavy ${i}`, { bytes: 400 });
    expect([cache.size, cache.bytes]).toEqual([2, 800]);
  });

  it('drops what was not asked for before what was', () => {
    const { cache, gone } = cacheOf(30);
    for (const key of ['a', 'b', 'c']) cache.set(key, { bytes: 10 });
    cache.get('a');
    cache.set('d', { bytes: 10 });
    expect(gone).toEqual(['b']);
    cache.set('e', { bytes: 10 });
    expect(gone).toEqual(['b', 'c']);
    cache.set('f', { bytes: 10 });
    expect(gone).toEqual(['b', 'c', 'd']);
  });

  it('never drops what is in use, and says what that weighs', () => {
    const { cache, gone } = cacheOf(30);
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, { bytes: 10, used: true });
    expect([cache.bytes, gone]).toEqual([40, []]);
    cache.set('e', { bytes: 10 });
    cache.set('f', { bytes: 10 });
    expect([cache.bytes, gone]).toEqual([50, ['e']]);
  });

  it('takes a value that is too heavy for it until the next one comes', () => {
    const { cache, gone } = cacheOf(30);
    cache.set('a', { bytes: 10 });
    cache.set('b', { bytes: 100 });
    expect([cache.get('b')?.bytes, gone]).toEqual([100, ['a']]);
    cache.set('c', { bytes: 1 });
    cache.set('d', { bytes: 1 });
    expect([cache.bytes, gone]).toEqual([2, ['a', 'b']]);
  });

  it('weighs a value again that has grown', () => {
    const { cache, gone } = cacheOf(30);
    const grown = { bytes: 10 };
    cache.set('a', { bytes: 10 });
    cache.set('b', grown);
    grown.bytes = 25;
    cache.resize('b');
    expect([cache.bytes, gone]).toEqual([25, ['a']]);
    cache.resize('nothing');
    expect(cache.delete('b')).toBe(true);
    expect([cache.bytes, cache.size, cache.delete('b')]).toEqual([0, 0, false]);
  });

  it('makes room for what is to come, or says that there is none', () => {
    const { cache, gone } = cacheOf(30);
    cache.set('a', { bytes: 10, used: true });
    cache.set('b', { bytes: 10 });
    expect([cache.makeRoom(10), gone]).toEqual([true, []]);
    expect([cache.makeRoom(20), gone]).toEqual([true, ['b']]);
    expect([cache.makeRoom(21), cache.bytes]).toEqual([false, 10]);
  });
});
