import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { limits } from '#libs/contracts/limits.js';
import { runCommandLine } from './holdfastctl.js';

/** Pictures that an event file names: read beside it, and nothing else is read. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-images-'));
  const red = { create: { width: 64, height: 64, channels: 3, background: '#c02' } } as const;
  const png = await sharp(red).png().toBuffer();
  await mkdir(path.join(folder, 'posters'));
  await save('posters/show.png', png);
  await save('wrong.jpg', png);
  await save('notes.png', 'hello');
  await save('empty.png', '');
  await save('large.png', Buffer.concat([png, Buffer.alloc(limits.imageFileBytesMax)]));
  execFileSync('mkfifo', [path.join(folder, 'pipe.png')]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const save = (name: string, bytes: Uint8Array | string): Promise<void> =>
  writeFile(path.join(folder, name), bytes);

async function rehearse(more: object): Promise<{ code: number; out: string; err: string }> {
  const event = {
    ...{ name: 'Show', venue: 'Gallery', city: 'Leeds', start: '2031-03-01T19:30:00Z' },
    ...{ currency: 'GBP', prices: { Floor: '10' } },
    areas: [{ name: 'Floor', capacity: 9, category: 'Floor' }],
    ...more,
  };
  await save('event.json', JSON.stringify(event));
  let [out, err] = ['', ''];
  const file = path.join(folder, 'event.json');
  const code = await runCommandLine(['import', file, '--dry-run'], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: {},
  });
  return { code, out, err: err.replace(`${folder}/`, '') };
}

describe('pictures of an event file', () => {
  it('are found beside it, for the event and for its venue', async () => {
    const venue = { name: 'Gallery', image: 'posters/show.png' };
    const { code, err } = await rehearse({ image: './posters/show.png', venue });
    expect([code, err]).toEqual([0, '']);
    expect((await rehearse({ image: null, venue: { ...venue, image: null } })).code).toBe(0);
  });

  it.each([
    ['none.png', 'none.png does not exist'],
    ['posters', 'posters is a folder'],
    ['pipe.png', 'pipe.png is not a regular file'],
    ['/dev/zero', '/dev/zero is not a regular file'],
    ['empty.png', 'empty.png is empty'],
    ['notes.png', 'notes.png is not a PNG, JPEG, WebP or AVIF image'],
    ['wrong.jpg', 'wrong.jpg is a PNG image, but its name ends in .jpg'],
    ['large.png', 'large.png is larger than 5242880 bytes'],
    ['event.json/x.png', 'event.json/x.png does not exist'],
  ])('are refused where they are none: %s', async (image, reason) => {
    expect(await rehearse({ image })).toMatchObject({
      code: 1,
      err: `holdfastctl: event.json: image ${reason}\n`,
    });
    const ofVenue = await rehearse({ venue: { name: 'Gallery', image } });
    expect(ofVenue.err).toBe(`holdfastctl: event.json: venue.image ${reason}\n`);
  });

  it('are said in one way', async () => {
    const thumbnail_url = 'https://pictures.example/1.jpg';
    const { err } = await rehearse({ image: 'posters/show.png', thumbnail_url });
    expect(err).toContain('thumbnail_url must not be there beside image');
    expect((await rehearse({ image: '' })).err).toContain('image must');
  });
});
