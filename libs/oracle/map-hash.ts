import type { SeatWord } from './evidence.js';

/**
 * A hash of a whole seat map that is kept up to date in constant time per change: the XOR of one
 * number per seat that is not free. Lets every frame of every watcher be compared with the journal
 * at the same version. 32 bits: a wrong map slips through one comparison in four billion.
 */
export class MapHash {
  value = 0;

  change(seatId: string, before: SeatWord, after: SeatWord): void {
    this.value = (this.value ^ seatHash(seatId, before) ^ seatHash(seatId, after)) >>> 0;
  }
}

const wordSalts: Record<SeatWord, number> = {
  free: 0,
  held: 0x9e3779b1,
  booked: 0x85ebca77,
  blocked: 0xc2b2ae3d,
};

function seatHash(seatId: string, word: SeatWord): number {
  if (word === 'free') return 0;
  // FNV-1a, then the finaliser of MurmurHash3 so that neighbours differ in every bit.
  let hash = 0x811c9dc5 ^ wordSalts[word];
  for (let i = 0; i < seatId.length; i++) {
    hash = Math.imul(hash ^ seatId.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
