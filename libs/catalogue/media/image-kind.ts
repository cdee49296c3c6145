/** What an event file may have as a picture, told by how the bytes begin, never by the name. */
export interface ImageKind {
  readonly name: 'PNG' | 'JPEG' | 'WebP' | 'AVIF';
  /** Of file names, in small letters. */
  readonly extensions: readonly string[];
  /** As the decoder calls it. */
  readonly format: string;
}

const kinds: readonly (ImageKind & { readonly begins: (bytes: Uint8Array) => boolean })[] = [
  {
    name: 'PNG',
    extensions: ['.png'],
    format: 'png',
    begins: (bytes) => textAt(bytes, 0, 8) === '\x89PNG\r\n\x1a\n',
  },
  {
    name: 'JPEG',
    extensions: ['.jpg', '.jpeg'],
    format: 'jpeg',
    begins: (bytes) => textAt(bytes, 0, 3) === '\xff\xd8\xff',
  },
  {
    name: 'WebP',
    extensions: ['.webp'],
    format: 'webp',
    begins: (bytes) => textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP',
  },
  { name: 'AVIF', extensions: ['.avif'], format: 'heif', begins: isAvif },
];

/** null: none of them. What else decoders would read (SVG, PDF, TIFF) never reaches them. */
export const imageKindOf = (bytes: Uint8Array): ImageKind | null =>
  kinds.find(({ begins }) => begins(bytes)) ?? null;

export const imageKindNames = 'PNG, JPEG, WebP or AVIF';

/** The brand stands first, or among those that the file says it fits. */
function isAvif(bytes: Uint8Array): boolean {
  if (textAt(bytes, 4, 4) !== 'ftyp') return false;
  const length = Buffer.from(bytes.subarray(0, 4)).readUInt32BE();
  const brands: readonly string[] =
    textAt(bytes, 8, Math.min(length, brandBytesMax) - 8).match(/.{4}/gs) ?? [];
  return brands.includes('avif') || brands.includes('avis');
}

/** Of a box with some twenty brands. */
const brandBytesMax = 96;

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.subarray(at, at + Math.max(0, length))).toString('latin1');
