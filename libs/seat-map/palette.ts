/**
 * Colours of price categories that colour-blind people tell apart, on light and dark paper: begun
 * from Okabe and Ito's set (Color Universal Design, 2008) and moved by a search until the two most
 * alike, for any of four kinds of eyes, are as far apart as the bounds below let them be. What
 * becomes of a seat is never said by its colour alone: see seat-marks.ts.
 *
 * PA1  Every category colour has at least 3 to 1 on its paper, as WCAG 2.2 asks of graphics
 *      (1.4.11), and text 4.5.
 * PA2  Two categories that follow each other in price differ in lightness too: they are told apart
 *      in print and without any sight of colour.
 */
export type Theme = 'light' | 'dark';

/** sRGB, 0xRRGGBB. */
export type Colour = number;

export interface Palette {
  readonly paper: Colour;
  readonly text: Colour;
  /** Of seats that are nobody's to buy now. */
  readonly gone: Colour;
  readonly unknown: Colour;
  readonly mine: Colour;
  /** By category, in order of price; a ninth category begins again, its name tells it apart. */
  readonly categories: readonly Colour[];
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    paper: 0xffffff,
    text: 0x1b1b1f,
    gone: 0x8a8a8f,
    unknown: 0x8a8a8f,
    mine: 0x111111,
    categories: [0x113c8a, 0xc05000, 0x3f605d, 0xb6828b, 0x552e00, 0x3674c5, 0x52002f, 0x59a600],
  },
  dark: {
    paper: 0x16171b,
    text: 0xf2f2f4,
    gone: 0x77777d,
    unknown: 0x77777d,
    mine: 0xffffff,
    categories: [0x777fff, 0xc33500, 0x6dffa4, 0xa335a2, 0xb1ff36, 0x2cb68a, 0xfaa1ff, 0x87a80e],
  },
};

export const categoryColour = ({ categories }: Palette, category: number): Colour =>
  categories[category % categories.length];

/** WCAG 2.2: relative luminance, 0 (black) to 1 (white). */
export function luminance(colour: Colour): number {
  const part = (shift: number): number => {
    const value = ((colour >> shift) & 0xff) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/** WCAG 2.2: 1 (the same) to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** As ImageData has it in memory on a little-endian machine, opaque. */
export function pixelOf(colour: Colour): number {
  const [red, green, blue] = [(colour >> 16) & 0xff, (colour >> 8) & 0xff, colour & 0xff];
  return ((0xff << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export const cssOf = (colour: Colour): string => `#${colour.toString(16).padStart(6, '0')}`;
