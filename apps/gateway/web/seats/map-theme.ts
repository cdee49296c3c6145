import { contrast, cssOf, palettes, type Colour, type Palette } from '#libs/seat-map/palette.js';

/** Colours of the map beside those of its seats, for the theme that the machine has. */
export interface MapTheme {
  readonly palette: Palette;
  readonly isDark: boolean;
  /** Lets through what is below: a stage in a hall is darker than the hall. */
  readonly shape: string;
  readonly shapeLine: string;
  readonly shapeText: string;
  readonly quiet: string;
  readonly accent: string;
  readonly bad: string;
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const still = matchMedia('(prefers-reduced-motion: reduce)');

export const mapTheme = (): MapTheme =>
  dark.matches
    ? {
        palette: palettes.dark,
        isDark: true,
        shape: 'rgb(255 255 255 / 6%)',
        shapeLine: '#3a3d45',
        shapeText: '#c9ccd3',
        quiet: '#a9acb4',
        accent: '#58d0b8',
        bad: '#ff8d9a',
      }
    : {
        palette: palettes.light,
        isDark: false,
        shape: 'rgb(105 90 60 / 11%)',
        shapeLine: '#d9d3c7',
        shapeText: '#4a473f',
        quiet: '#5a5750',
        accent: '#0b6b5d',
        bad: '#a1152a',
      };

export function onThemeChange(hear: () => void): () => void {
  dark.addEventListener('change', hear);
  return () => dark.removeEventListener('change', hear);
}

export const wantsStillness = (): boolean => still.matches;

/** White or nearly black, whichever is easier to read there. */
export const inkOn = (colour: Colour): string =>
  cssOf(contrast(colour, 0xffffff) >= contrast(colour, 0x1b1b1f) ? 0xffffff : 0x1b1b1f);

/** A colour with some of the paper in it: `part` 0 is all paper. */
export function tint(colour: Colour, paper: Colour, part: number): string {
  const mix = (shift: number) =>
    Math.round(((colour >> shift) & 0xff) * part + ((paper >> shift) & 0xff) * (1 - part));
  return cssOf((mix(16) << 16) | (mix(8) << 8) | mix(0));
}
