/**
 * How much is drawn, by the distance of two neighbours on the screen: names and prices of sections
 * while seats are dots, seats once they can be hit, their numbers once they can be read. A level is
 * kept for a little beyond its border, so that a finger that trembles there does not make it
 * flicker.
 */
export const detailLevels = ['sections', 'seats', 'numbers'] as const;
export type DetailLevel = (typeof detailLevels)[number];

/** Screen pixels between neighbours from which on a level is drawn. */
const from: Readonly<Record<DetailLevel, number>> = {
  sections: 0,
  seats: 10,
  numbers: 26,
};
const keep = 0.85;

/** `before`: what is drawn now; null at first. */
export function detailAt(seatPixels: number, before: DetailLevel | null = null): DetailLevel {
  const wanted = detailLevels.findLast((level) => seatPixels >= from[level]) ?? 'sections';
  if (before === null) return wanted;
  const falls = detailLevels.indexOf(wanted) < detailLevels.indexOf(before);
  return falls && seatPixels >= from[before] * keep ? before : wanted;
}
