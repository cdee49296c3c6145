import type { MapChanges } from './seat-map.js';

/**
 * What changed lately, so that a client that was away gets the difference and not the whole map.
 * Only names what changed, never to what: the statuses are read from the map when they are sent,
 * and a change from before the client's version merely repeats what it knows.
 *
 * A client of another gateway may have a version in the middle of an entry. That is good when every
 * change in it is named; after a leap it is not: a seat that was held, freed and held again looks
 * unchanged, and a client that saw it free would keep that.
 *
 * Bounded by entries and by changes in all of them (G8).
 */
interface Entry {
  readonly from: number;
  readonly to: number;
  readonly changes: MapChanges;
}

export class DiffRing {
  private readonly entries: Entry[] = [];
  private first = 0;
  private size = 0;

  constructor(
    private readonly entriesMax: number,
    private readonly changesMax: number,
  ) {}

  get length(): number {
    return this.entries.length - this.first;
  }

  /** In memory, about. */
  get bytes(): number {
    return this.size * 8 + this.length * entryBytes;
  }

  push(from: number, to: number, changes: MapChanges): void {
    this.entries.push({ from, to, changes });
    this.size += sizeOf(changes);
    while (this.length > this.entriesMax || this.size > this.changesMax) {
      this.size -= sizeOf(this.entries[this.first].changes);
      this.first += 1;
    }
    if (this.first > this.entriesMax) {
      this.entries.splice(0, this.first);
      this.first = 0;
    }
  }

  /** What is known now cannot be told as a difference. */
  clear(): void {
    this.entries.length = 0;
    this.first = 0;
    this.size = 0;
  }

  /** Everything that changed after `version`; null when that is not known any more. */
  since(version: number): MapChanges | null {
    if (this.length === 0 || version < this.entries[this.first].from) return null;
    const seats = new Set<number>();
    const areas = new Set<number>();
    let saleStatus = false;
    for (let i = this.entries.length - 1; i >= this.first; i--) {
      const { from, to, changes } = this.entries[i];
      if (to <= version) break;
      if (from < version && changes.leapt === true) return null;
      changes.seats.forEach((seat) => seats.add(seat));
      changes.areas.forEach((area) => areas.add(area));
      saleStatus ||= changes.saleStatus;
    }
    return { seats: [...seats], areas: [...areas], saleStatus };
  }
}

const entryBytes = 200;

const sizeOf = (changes: MapChanges): number => changes.seats.length + changes.areas.length + 1;
