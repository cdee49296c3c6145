import { limits } from '#libs/contracts/limits.js';
import type { AreaFrame, SnapshotFrame } from '#libs/contracts/live-frames.js';
import type { EventEntry } from '../events/event-book.js';
import type { Coding } from '../http/content-coding.js';

/** The two forms in which a state is served. */
export type SeatForm = 'list' | 'compact';

/** One state of an event's seats, as it can be asked for by name. */
export interface SeatState {
  /** Names this state and no other, for ever: see ST1. */
  readonly name: string;
  /** Where it can be asked for by its name. */
  readonly path: string;
  readonly epoch: number;
  readonly version: number;
  readonly takenAtMs: number;
  /** Whose prices and capacities belong to it. */
  readonly entry: EventEntry;
  /** One ASCII letter a seat. Never written to. */
  readonly letters: Uint8Array;
  readonly saleStatus: SnapshotFrame['sale_status'];
  readonly areas: readonly AreaFrame[];
  /** Strong entity tags: equal tags are equal bytes. */
  readonly tags: Readonly<Record<SeatForm, Readonly<Record<Coding, string>>>>;
}

/** What a state is taken of. */
export interface StateSource {
  readonly entry: EventEntry;
  readonly stateEpoch: number;
  readonly version: number;
  snapshot(): Pick<SeatState, 'letters' | 'saleStatus' | 'areas'>;
}

/**
 * The states of one event that can be asked for: the newest, and those that were it lately.
 *
 * ST1  A state's name is the epoch of the owner whose word it is, and the version; and the revision
 *      of the event's rules, once they were changed, for a gateway may hear of new prices a moment
 *      before or after the seats. The journal gives a version of an epoch to one state only, and
 *      each revision to one set of rules, so a name may be remembered for ever.
 * ST2  At most seatStatesPerSecondMax are taken in any second, and under demand evenly: a map that
 *      changes a thousand times a second is served as it was a quarter of a second ago.
 * ST3  A quiet event is served as it is: the second look within a second waits for nothing.
 */
export class SeatStates {
  /** Oldest first. */
  private readonly kept: SeatState[] = [];
  /** When the last ones were taken, oldest first. */
  private readonly takenAtMs: number[] = [];

  constructor(private readonly source: StateSource) {}

  /** As new as may be. */
  newest(nowMs: number): SeatState {
    const last = this.kept.at(-1);
    if (last !== undefined && (this.isCurrent(last) || this.waitMs(nowMs) > 0)) return last;
    return this.take(nowMs);
  }

  /** null: not known here, or not any more. */
  named(name: string, nowMs: number): SeatState | null {
    const newest = this.newest(nowMs);
    if (newest.name === name) return newest;
    return this.kept.find((state) => state.name === name) ?? null;
  }

  /** Until a new state may be taken. */
  waitMs(nowMs: number): number {
    const taken = this.takenAtMs;
    const last = taken.at(-1) ?? -Infinity;
    const beforeLast = taken.at(-2) ?? -Infinity;
    const ofWindow = taken.at(-limits.seatStatesPerSecondMax) ?? -Infinity;
    const quiet = nowMs - beforeLast >= 1_000;
    const gap = quiet ? 0 : last + limits.seatStateGapMs - nowMs;
    return Math.max(0, gap, ofWindow + 1_000 - nowMs);
  }

  /** Of the states that are kept. */
  get bytes(): number {
    return this.kept.length * (this.kept.at(0)?.letters.byteLength ?? 0);
  }

  private isCurrent(state: SeatState): boolean {
    const { source } = this;
    return (
      state.version === source.version &&
      state.epoch === source.stateEpoch &&
      state.entry.detail.rulesRevision === source.entry.detail.rulesRevision
    );
  }

  private take(nowMs: number): SeatState {
    const { source } = this;
    const name = nameOf(source);
    const state = {
      name,
      path: `/v1/events/${source.entry.detail.eventId}/seats/${name}`,
      epoch: source.stateEpoch,
      version: source.version,
      takenAtMs: nowMs,
      entry: source.entry,
      tags: { list: tagsOf(name, ''), compact: tagsOf(name, 'c') },
      ...source.snapshot(),
    };
    this.kept.push(state);
    if (this.kept.length > limits.seatStatesKept) this.kept.shift();
    this.takenAtMs.push(nowMs);
    if (this.takenAtMs.length > limits.seatStatesPerSecondMax) this.takenAtMs.shift();
    return state;
  }
}

function nameOf({ stateEpoch, version, entry }: StateSource): string {
  const { rulesRevision } = entry.detail;
  const ofRules = rulesRevision === 0 ? '' : `.${rulesRevision}`;
  return `${stateEpoch}.${version}${ofRules}`;
}

const tagsOf = (name: string, form: string): Record<Coding, string> => ({
  identity: `"${name}${form}"`,
  gzip: `"${name}${form}-gzip"`,
  br: `"${name}${form}-br"`,
});
