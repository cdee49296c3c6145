import { limits } from '#libs/contracts/limits.js';
import type { AreaLayout, InventoryLayout } from '#libs/inventory/layout.js';

/**
 * The compiled plan as bytes: a JSON header with the names, then the arrays as they stand in
 * memory, so that an event's activation copies them instead of parsing 50,000 objects.
 *
 *   'HFPL' | version u8 | 3 zero bytes | digest of the public document (32) | header bytes u32 |
 *   header JSON, padded to 4 with spaces | x f32 | y f32 | rowStart u32 | categoryOfSeat u16 |
 *   sectionOfRow u16 | neighbourNext u8 | flagsOfSeat u8
 *
 * LC1  decode(encode(layout)) equals layout; a layout has one encoding, and decode takes no other.
 * LC2  decode never returns a layout whose arrays contradict each other: it throws LayoutCorrupt.
 * LC3  Little-endian, like every machine the project runs on; the byte order is checked at load.
 */
export class LayoutCorrupt extends Error {
  override readonly name = 'LayoutCorrupt';
}

/** Everything of a layout but its hash, which is made from it. */
export type BareLayout = Omit<InventoryLayout, 'hash'>;

export interface DecodedLayout {
  readonly layout: InventoryLayout;
  /** sha256 of the public document that was compiled together with it. */
  readonly documentDigest: Uint8Array;
}

const magic = Buffer.from('HFPL');
const formatVersion = 1;
const digestAt = 8;
const headerLengthAt = digestAt + 32;
const headerAt = headerLengthAt + 4;

interface Header {
  readonly seats: number;
  readonly rows: number;
  readonly focal: readonly [number, number];
  readonly categories: readonly string[];
  readonly sections: readonly string[];
  readonly areas: readonly AreaLayout[];
}

if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) {
  throw new Error('compiled plans need a little-endian machine');
}

export function encodeLayout(layout: BareLayout, documentDigest: Uint8Array): Uint8Array {
  const padded = headerBytes({
    seats: layout.seatCount,
    rows: layout.rowCount,
    focal: [layout.focalX, layout.focalY],
    categories: layout.categories,
    sections: layout.sections,
    areas: layout.areas,
  });
  const prefix = Buffer.alloc(headerAt);
  magic.copy(prefix);
  prefix[4] = formatVersion;
  prefix.set(documentDigest, digestAt);
  prefix.writeUInt32LE(padded.length, headerLengthAt);
  const arrays = [
    layout.x,
    layout.y,
    layout.rowStart,
    layout.categoryOfSeat,
    layout.sectionOfRow,
    layout.neighbourNext,
    layout.flagsOfSeat,
  ];
  return Buffer.concat([prefix, padded, ...arrays.map(bytesOf)]);
}

function headerBytes({ seats, rows, focal, categories, sections, areas }: Header): Buffer {
  const plain = areas.map(({ name, capacity, category }) => ({ name, capacity, category }));
  const text = Buffer.from(
    JSON.stringify({ seats, rows, focal, categories, sections, areas: plain }),
  );
  const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4, ' ');
  text.copy(padded);
  return padded;
}

/** `hash` is the name under which the bytes are stored; the caller compares it with theirs. */
export function decodeLayout(bytes: Uint8Array, hash: string): DecodedLayout {
  // One copy into memory of its own: a view on the driver's buffer would pin that buffer, and
  // need not be aligned.
  const own = new Uint8Array(bytes).buffer;
  const header = readHeader(own);
  const layout = { hash, ...readArrays(own, header) };
  checkRelations(layout);
  return { layout, documentDigest: new Uint8Array(own.slice(digestAt, headerLengthAt)) };
}

function readHeader(buffer: ArrayBuffer): Header {
  const bytes = Buffer.from(buffer);
  check(bytes.length >= headerAt, 'too short');
  check(bytes.subarray(0, 4).equals(magic), 'not a compiled plan');
  check(bytes[4] === formatVersion, `format ${bytes[4]} is not known`);
  check(bytes.readUIntLE(5, 3) === 0, 'bytes that must be zero');
  const length = bytes.readUInt32LE(headerLengthAt);
  check(length % 4 === 0 && headerAt + length <= bytes.length, 'header length');
  const text = bytes.subarray(headerAt, headerAt + length);
  let header: Header;
  try {
    header = JSON.parse(text.toString()) as Header;
  } catch {
    throw new LayoutCorrupt('compiled plan: header');
  }
  check(isHeader(header), 'header fields');
  check(headerBytes(header).equals(text), 'header is not as it is written');
  return header;
}

function isHeader(header: unknown): header is Header {
  if (typeof header !== 'object' || header === null) return false;
  const { seats, rows, focal, categories, sections, areas } = header as Partial<Header>;
  const strings = (list: unknown): boolean =>
    Array.isArray(list) && list.every((item) => typeof item === 'string');
  return (
    isCount(seats, limits.seatsPerPlanMax) &&
    isCount(rows, limits.seatsPerPlanMax) &&
    Array.isArray(focal) &&
    focal.length === 2 &&
    focal.every(Number.isFinite) &&
    strings(categories) &&
    strings(sections) &&
    Array.isArray(areas) &&
    areas.every((area) => isArea(area, categories?.length ?? 0))
  );
}

function isArea(area: unknown, categoryCount: number): boolean {
  if (typeof area !== 'object' || area === null) return false;
  const { name, capacity, category } = area as Partial<AreaLayout>;
  const capacityFits = isCount(capacity, limits.areaCapacityMax);
  return typeof name === 'string' && capacityFits && isCount(category, categoryCount - 1);
}

const isCount = (value: unknown, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

function readArrays(buffer: ArrayBuffer, header: Header): BareLayout {
  const { seats, rows } = header;
  const length = new Uint32Array(buffer, headerLengthAt, 1)[0];
  let at = headerAt + length;
  const expected = at + seats * 8 + (rows + 1) * 4 + seats * 2 + rows * 2 + seats * 2;
  check(buffer.byteLength === expected, `${buffer.byteLength} bytes, expected ${expected}`);
  const take = (bytes: number): number => {
    const from = at;
    at += bytes;
    return from;
  };
  const x = new Float32Array(buffer, take(seats * 4), seats);
  const y = new Float32Array(buffer, take(seats * 4), seats);
  const rowStart = new Uint32Array(buffer, take((rows + 1) * 4), rows + 1);
  const categoryOfSeat = new Uint16Array(buffer, take(seats * 2), seats);
  const sectionOfRow = new Uint16Array(buffer, take(rows * 2), rows);
  const neighbourNext = new Uint8Array(buffer, take(seats), seats);
  const flagsOfSeat = new Uint8Array(buffer, take(seats), seats);
  return {
    seatCount: seats,
    rowCount: rows,
    rowStart,
    rowOfSeat: rowsOfSeats(rowStart, seats),
    neighbourNext,
    categoryOfSeat,
    sectionOfRow,
    flagsOfSeat,
    x,
    y,
    focalX: header.focal[0],
    focalY: header.focal[1],
    categories: header.categories,
    sections: header.sections,
    areas: header.areas,
  };
}

function rowsOfSeats(rowStart: Uint32Array, seats: number): Uint32Array {
  const rowOfSeat = new Uint32Array(seats);
  for (let row = 0; row + 1 < rowStart.length; row += 1) {
    check(rowStart[row] < rowStart[row + 1] && rowStart[row + 1] <= seats, 'row bounds');
    rowOfSeat.fill(row, rowStart[row], rowStart[row + 1]);
  }
  check(
    rowStart[0] === 0 && rowStart[rowStart.length - 1] === seats,
    'rows do not cover the seats',
  );
  return rowOfSeat;
}

function checkRelations(layout: InventoryLayout): void {
  const { seatCount, rowStart, neighbourNext, categoryOfSeat, x, y } = layout;
  const categories = layout.categories.length;
  let sound = true;
  for (let seat = 0; seat < seatCount; seat += 1) {
    // An infinite or missing number is the only one that minus itself is not zero.
    const placed = x[seat] - x[seat] === 0 && y[seat] - y[seat] === 0;
    sound &&= placed && categoryOfSeat[seat] < categories && neighbourNext[seat] <= 1;
  }
  check(sound, 'a seat without place, category or neighbour flag');
  for (let row = 0; row < layout.rowCount; row += 1) {
    check(layout.sectionOfRow[row] < layout.sections.length, 'section index');
    check(neighbourNext[rowStart[row + 1] - 1] === 0, 'a neighbour across rows');
  }
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new LayoutCorrupt(`compiled plan: ${what}`);
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
