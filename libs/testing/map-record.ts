import type { MapFrame } from '#libs/contracts/live-frames.js';
import { LiveMap } from '#libs/client/live-map.js';
import type { SeatWord, WatchedFrame, WatcherEvidence } from '#libs/oracle/evidence.js';
import { MapHash } from '#libs/oracle/map-hash.js';

/**
 * A live map whose owner writes down every frame and what the map was after it, for the oracle. A
 * diff that does not continue the map is written down too: it is a finding.
 */
export class MapRecord {
  readonly map: LiveMap;
  readonly frames: WatchedFrame[] = [];
  readonly #hash = new MapHash();

  constructor(
    private readonly name: string,
    private readonly seatIds: readonly string[],
  ) {
    this.map = new LiveMap((seat, before, after) => {
      this.#hash.change(seatIds[seat], before, after);
    });
  }

  /** Applies the frame, and notes it. */
  apply(frame: MapFrame, receivedAtMs: number): boolean {
    const fits = this.map.apply(frame);
    this.note(frame, receivedAtMs);
    return fits;
  }

  /** The frame was brought to the map. */
  note(frame: MapFrame, receivedAtMs: number): void {
    const isSnapshot = frame.type === 'snapshot';
    this.frames.push({
      kind: frame.type,
      from: isSnapshot ? frame.version : frame.from,
      to: isSnapshot ? frame.version : frame.to,
      mapHash: this.#hash.value,
      receivedAtMs,
    });
  }

  evidence(): WatcherEvidence {
    const finalMap = new Map<string, SeatWord>();
    this.seatIds.forEach((seatId, seat) => {
      const word = this.map.version === null ? 'free' : this.map.wordOf(seat);
      if (word !== 'free') finalMap.set(seatId, word);
    });
    return { name: this.name, frames: this.frames, finalMap };
  }
}
