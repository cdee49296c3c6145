import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { limits } from '#libs/contracts/limits.js';
import type { Checked } from '../checked.js';
import { renderImage } from './render-image.js';
import type { EventImage } from './event-image.js';

const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c02' } });

async function rendered(name: string, bytes: Uint8Array): Promise<EventImage> {
  const image = await renderImage(name, bytes);
  if (image.kind === 'invalid') throw new Error(image.problems[0].message);
  return image.value;
}

const refusal = async (name: string, bytes: Uint8Array): Promise<string> => {
  const image: Checked<EventImage> = await renderImage(name, bytes);
  return image.kind === 'valid' ? 'none' : image.problems[0].message;
};

const sizeOf = async (bytes: Uint8Array): Promise<(number | string)[]> => {
  const { format, width, height } = await sharp(bytes).metadata();
  return [format, width, height];
};

/** A PNG whose header says so much, and that has no pixels. */
function hollowPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const begin = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([begin, chunk('IHDR', header), chunk('IDAT', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return (sum ^ 0xffffffff) >>> 0;
}

describe('a picture', () => {
  it('of each kind becomes two of WebP, which are no larger than it was', async () => {
    const kinds = [
      ['a.png', await red(1_600, 800).png().toBuffer()],
      ['a.JPG', await red(1_600, 800).jpeg().toBuffer()],
      ['a.jpeg', await red(1_600, 800).jpeg().toBuffer()],
      ['a.webp', await red(1_600, 800).webp().toBuffer()],
      ['a.avif', await red(1_600, 800).avif({ effort: 0 }).toBuffer()],
    ] as const;
    for (const [name, bytes] of kinds) {
      const { thumbnail, large } = await rendered(name, bytes);
      expect([await sizeOf(thumbnail.bytes), await sizeOf(large.bytes)]).toEqual([
        ['webp', 320, 160],
        ['webp', 1_280, 640],
      ]);
    }
    const small = await rendered('small.png', await red(40, 60).png().toBuffer());
    expect(await sizeOf(small.large.bytes)).toEqual(['webp', 40, 60]);
    expect(small.thumbnail.hash).toBe(small.large.hash);
  });

  it('stands upright, and says nothing of who took it where', async () => {
    const sideways = await red(200, 100)
      .withExif({ IFD0: { Artist: 'Somebody', Copyright: 'Somebody else' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { large } = await rendered('phone.jpg', sideways);
    expect(await sizeOf(large.bytes)).toEqual(['webp', 100, 200]);
    const { exif, icc, xmp, orientation } = await sharp(large.bytes).metadata();
    expect([exif, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('that moves is its first frame', async () => {
    const frames = [red(20, 20), sharp({ create: { ...blue, width: 20, height: 20 } })];
    const each = await Promise.all(frames.map((frame) => frame.png().toBuffer()));
    const moving = await sharp(each, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const { large } = await rendered('moving.webp', moving);
    const { pages } = await sharp(large.bytes).metadata();
    const { dominant } = await sharp(large.bytes).stats();
    expect([pages, dominant.r > 150, dominant.b < 100]).toEqual([undefined, true, true]);
  });

  it('gives the same bytes again, and has the hash of its file', async () => {
    const file = await red(700, 500).png().toBuffer();
    const [first, second] = [await rendered('a.png', file), await rendered('b.png', file)];
    expect(second).toEqual(first);
    expect(first.source).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is refused with what it is', async () => {
    const png = await red(20, 20).png().toBuffer();
    const gif = await red(20, 20).gif().toBuffer();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const none = 'is not a PNG, JPEG, WebP or AVIF image';
    expect([
      await refusal('a.png', Buffer.alloc(0)),
      await refusal('a.png', Buffer.from('hello')),
      await refusal('a.gif', gif),
      await refusal('a.png', svg),
      await refusal('a.jpg', png),
      await refusal('poster', png),
      await refusal('a.png', Buffer.alloc(limits.imageFileBytesMax + 1)),
      await refusal('a.png', hollowPng(30_000, 30_000)),
    ]).toEqual([
      'a.png is empty',
      `a.png ${none}`,
      `a.gif ${none}`,
      `a.png ${none}`,
      'a.jpg is a PNG image, but its name ends in .jpg',
      'poster is a PNG image, but its name has no ending',
      'a.png is larger than 5242880 bytes',
      'a.png has 30000 x 30000 pixels, and 50 million are the most',
    ]);
    expect(await refusal('a.png', png.subarray(0, 60))).toMatch(/^a.png cannot be read as a PNG/);
    expect(await refusal('a.png', hollowPng(300, 300))).toMatch(/^a.png cannot be read as a PNG/);
    const torn = await red(900, 900).jpeg().toBuffer();
    expect(await refusal('a.jpg', torn.subarray(0, torn.length / 2))).toMatch(/cannot be read/);
  });
});

describe('the decoder of pictures', () => {
  it('is loaded by this module alone, and not before the first picture', async () => {
    const users: string[] = [];
    for (const roof of ['libs', 'apps', 'ops']) {
      for (const name of await readdir(roof, { recursive: true })) {
        if (!/\.(ts|mjs)$/.test(name) || name.endsWith('.spec.ts')) continue;
        const text = await readFile(`${roof}/${name}`, 'utf8');
        const loads = text.match(/^import (?!type ).*'sharp'|import\('sharp'\)/gm) ?? [];
        users.push(...loads.map((load) => `${roof}/${name}: ${load}`));
      }
    }
    expect(users).toEqual(["libs/catalogue/media/render-image.ts: import('sharp')"]);
  });
});

const blue = { channels: 3, background: '#02c' } as const;
