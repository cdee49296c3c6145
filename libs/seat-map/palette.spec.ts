import { describe, expect, it } from '@jest/globals';
import { contrast, cssOf, luminance, palettes, pixelOf, type Theme } from './palette.js';

describe.each<Theme>(['light', 'dark'])('the %s palette', (theme) => {
  const { paper, text, gone, unknown, mine, categories } = palettes[theme];

  it('stands out from its paper, text as text and graphics as graphics (PA1)', () => {
    expect(contrast(text, paper)).toBeGreaterThanOrEqual(4.5);
    for (const colour of [gone, unknown, mine, ...categories]) {
      expect([cssOf(colour), contrast(colour, paper) >= 3]).toEqual([cssOf(colour), true]);
    }
  });

  it('tells categories that follow each other apart without any sight of colour (PA2)', () => {
    const close = categories
      .slice(1)
      .flatMap((colour, at) =>
        contrast(colour, categories[at]) < 1.4 ? [`${cssOf(categories[at])} ${cssOf(colour)}`] : [],
      );
    expect(close).toEqual([]);
  });

  it.each(['protan', 'deutan', 'tritan'] as const)('has no two colours alike for %s', (eyes) => {
    const seen = categories.map((colour) => linearSeen(colour, eyes));
    const alike: string[] = [];
    seen.forEach((one, at) => {
      seen.slice(0, at).forEach((other, before) => {
        const apart = Math.hypot(...one.map((part, axis) => part - other[axis]));
        if (apart < 0.2) alike.push(`${cssOf(categories[before])} ${cssOf(categories[at])}`);
      });
    });
    expect(alike).toEqual([]);
  });
});

it('pixels and CSS say the same colour', () => {
  expect(pixelOf(0x123456)).toBe(0xff563412);
  expect(cssOf(0x00527f)).toBe('#00527f');
  expect([luminance(0), luminance(0xffffff)]).toEqual([0, 1]);
  expect(contrast(0, 0xffffff)).toBeCloseTo(21);
});

/** Machado, Oliveira and Fernandes (2009), severity 1, linear RGB; compared after a cube root. */
const matrices = {
  protan: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deutan: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritan: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;

function linearSeen(colour: number, eyes: keyof typeof matrices): number[] {
  const linear = [16, 8, 0].map((shift) => {
    const value = ((colour >> shift) & 0xff) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [0, 3, 6].map((row) => {
    const matrix = matrices[eyes];
    const sum = linear.reduce((total, part, axis) => total + part * matrix[row + axis], 0);
    return Math.cbrt(Math.min(1, Math.max(0, sum)));
  });
}
