import type { EventDetail, PublicLayout } from './catalogue.js';

/** What the catalogue's values weigh in memory, in bytes, within a factor of two: for caches. */
const objectBytes = 512;
/** Two names, an id in three forms, and seven numbers. */
const seatBytes = 250;
/** Of a price with what is in it, and its place in a map. */
const partsNumbers = 10;

export const layoutBytes = ({ document, layout }: PublicLayout): number =>
  objectBytes + document.byteLength + layout.seatCount * seatBytes;

export function detailBytes(detail: EventDetail): number {
  const { name, venue, city, performers, description, categories, areas, rules, house, fees } =
    detail;
  const names = [...performers, ...categories.map((one) => one.name), ...areas.map((a) => a.name)];
  const text = [name, venue, city, description, house.address ?? '', ...names].reduce(
    (sum, { length }) => sum + length,
    0,
  );
  return (
    objectBytes +
    text * 2 +
    names.length * 64 +
    (rules.prices.length + fees.parts.size * partsNumbers) * 8
  );
}
