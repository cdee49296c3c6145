import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { invalid, valid, type Checked } from '#libs/catalogue/checked.js';
import type { EventFile } from '#libs/catalogue/event-file.js';
import type { EventImage, SaidImages } from '#libs/catalogue/media/event-image.js';
import { renderImage, tooLarge } from '#libs/catalogue/media/render-image.js';
import { limits } from '#libs/contracts/limits.js';

/** The pictures that an event file names, by paths relative to it, ready to be stored. */
export async function readImages(
  eventPath: string,
  event: Pick<EventFile, 'image' | 'venueImage'>,
): Promise<Checked<SaidImages>> {
  const own = await imageAt(eventPath, 'image', event.image ?? null);
  if (own.kind === 'invalid') return own;
  if (event.venueImage === undefined) return valid({ event: own.value });
  const house = await imageAt(eventPath, 'venue.image', event.venueImage);
  return house.kind === 'invalid' ? house : valid({ event: own.value, venue: house.value });
}

async function imageAt(
  eventPath: string,
  field: string,
  name: string | null,
): Promise<Checked<EventImage | null>> {
  if (name === null) return valid(null);
  const bytes = await readBounded(path.resolve(path.dirname(eventPath), name));
  const image =
    typeof bytes === 'string'
      ? invalid([{ path: '', message: `${name} ${bytes}` }])
      : await renderImage(name, bytes);
  if (image.kind === 'valid') return image;
  return invalid(image.problems.map(({ message }) => ({ path: field, message })));
}

/** Or what is wrong with it. What is no file is never read: a pipe may have no end. */
async function readBounded(file: string): Promise<Uint8Array | string> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) return 'is a folder';
      if (!stats.isFile()) return 'is not a regular file';
      if (stats.size > limits.imageFileBytesMax) return tooLarge('').trim();
      const bytes = Buffer.alloc(limits.imageFileBytesMax + 1);
      const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'does not exist',
      ENOTDIR: 'does not exist',
      EACCES: 'cannot be read',
    };
    return reasons[code] ?? `cannot be read (${code})`;
  }
}
