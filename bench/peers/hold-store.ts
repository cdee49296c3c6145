/**
 * What a peer does inside the shared front: the decision and where it is kept. Everything around
 * it (HTTP, JSON, the batcher, the answer) is the same for all peers, so that a figure compares
 * decisions and their durability and nothing else.
 *
 * HP1  A peer never gets less than Holdfast has: the same batching per tick, integers for ids, its
 *      statements prepared, its connections pooled or pipelined.
 * HP2  A hold is answered when the peer's own durability has it, as its catalogue entry says.
 * HP3  `held` is asked of the store itself after the run, never of the front's memory.
 *
 * What it leaves out, in every peer's favour: who the buyer is is not checked.
 */
export interface Hold {
  readonly event: number;
  readonly seat: number;
  readonly buyer: number;
  /** Unique for each request. */
  readonly command: string;
}

interface Kept {
  /** Seats 0 to `seats - 1`, all free. */
  addEvent(event: number, seats: number): Promise<void>;
  /** How many seats of the event have a holder. */
  held(event: number): Promise<number>;
  stop(): Promise<void>;
}

/** One request, one decision. False: somebody else has the seat. */
export interface SingleStore extends Kept {
  readonly kind: 'single';
  hold(hold: Hold): Promise<boolean> | boolean;
}

/** All requests of a tick at once; one answer for each, in their order. */
export interface BatchStore extends Kept {
  readonly kind: 'batch';
  holdAll(holds: readonly Hold[]): Promise<readonly boolean[]>;
}

export type HoldStore = SingleStore | BatchStore;

/** Of the hold of the bench's event: thirty minutes. */
export const holdMs = 30 * 60_000;
/** Of the bench's event as well. */
export const buyerLimit = 1_000;

/** Numbers of a peer that its sweep tries; each store knows what they mean to it. */
export interface Setting {
  /** Connections, or batches in flight. */
  readonly width: number;
  /** Statements are sent before the answer of the one before has come. */
  readonly pipelined?: boolean;
}

export function describeSetting(kind: HoldStore['kind'], { width, pipelined }: Setting): string {
  const what = kind === 'single' ? 'connections' : 'batches in flight';
  return `${width} ${width === 1 ? what.replace(/s$|es(?= )/, '') : what}${
    pipelined === true ? ', pipelined' : ''
  }`;
}
