import path from 'node:path';
import type { Sharp, SharpOptions } from 'sharp';
import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';
import { invalid, valid, type Checked } from '../checked.js';
import { sha256 } from '../compile-plan.js';
import type { EventImage, Media } from './event-image.js';
import { imageKindNames, imageKindOf, type ImageKind } from './image-kind.js';

/**
 * A picture as somebody has it to what pages show: WebP, upright, without what cameras write into
 * files (places, people, devices), in sRGB, never larger than it was; of what moves the first
 * frame. The decoder is native code, 15 MB of it: it is loaded here, at the first picture, by
 * whoever imports; gateways and shards never do.
 *
 * IMG1  Nothing is decoded whose beginning is not one of the four kinds, or whose header says more
 *       than imagePixelsMax: what a picture costs is known before it is unpacked (G8).
 * IMG2  The same file gives the same bytes on each Node of a platform: one thread, fixed options,
 *       and the decoder's pinned version. Other processors may round otherwise, which is why the
 *       file's own hash says whether a picture has changed.
 */
export async function renderImage(name: string, bytes: Uint8Array): Promise<Checked<EventImage>> {
  if (bytes.byteLength === 0) return wrong(`${name} is empty`);
  if (bytes.byteLength > limits.imageFileBytesMax) return wrong(tooLarge(name));
  const kind = imageKindOf(bytes);
  if (kind === null) return wrong(`${name} is not a ${imageKindNames} image`);
  const extension = path.extname(name);
  if (!kind.extensions.includes(extension.toLowerCase())) {
    const said = extension === '' ? 'has no ending' : `ends in ${extension}`;
    return wrong(`${name} is a ${kind.name} image, but its name ${said}`);
  }
  try {
    return await decode(name, bytes, kind);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return wrong(`${name} cannot be read as a ${kind.name} image: ${reason}`);
  }
}

export const tooLarge = (name: string): string =>
  `${name} is larger than ${limits.imageFileBytesMax} bytes`;

async function decode(
  name: string,
  bytes: Uint8Array,
  kind: ImageKind,
): Promise<Checked<EventImage>> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  // The header alone is read here, so that what is refused can be told how large it is.
  const header = sharp(bytes, { ...reading, limitInputPixels: false });
  const { format, width, height } = await header.metadata();
  if (format !== kind.format) return wrong(`${name} is not a ${kind.name} image all through`);
  if (width * height > limits.imagePixelsMax) {
    const most = `${limits.imagePixelsMax / 1_000_000} million`;
    return wrong(`${name} has ${width} x ${height} pixels, and ${most} are the most`);
  }
  return valid({
    source: sha256(bytes).toString('hex'),
    thumbnail: await fitted(sharp(bytes, reading), limits.thumbnailSideMax),
    large: await fitted(sharp(bytes, reading), limits.imageSideMax),
  });
}

/** Damage is refused; what is only odd, as many cameras write it, is not. */
const reading: SharpOptions = {
  failOn: 'error',
  limitInputPixels: limits.imagePixelsMax,
  pages: 1,
};

/** No side is longer than `side` pixels. */
async function fitted(image: Sharp, side: number): Promise<Media> {
  const bytes = await image
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80, alphaQuality: 90, effort: 4 })
    .toBuffer();
  assert(bytes.byteLength <= limits.mediaBytesMax, 'a picture of this size is not that large');
  return { hash: sha256(bytes).toString('hex'), bytes };
}

const wrong = (message: string): Checked<never> => invalid([{ path: '', message }]);
