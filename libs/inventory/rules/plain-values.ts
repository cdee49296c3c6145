const uint32Max = 0xffff_ffff;

/** Length in UTF-8 bytes; most ids are short enough not to be counted. */
export function isText(text: unknown, bytesMin: number, bytesMax: number): boolean {
  if (typeof text !== 'string' || text.length < bytesMin || text.length > bytesMax) return false;
  if (text.length * 3 <= bytesMax) return true;
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return bytes <= bytesMax;
}

export function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= uint32Max;
}

export function isBelow(value: number, bound: number): boolean {
  return isIndex(value) && value < bound;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
