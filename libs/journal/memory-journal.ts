import { assert } from '#libs/platform/assert.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';
import { announceAfter } from './batch-hash.js';
import {
  CommitUnknown,
  type AppendVerdict,
  type Batch,
  type DueEvent,
  type Journal,
  type JournalWriter,
  type Ownership,
  type StoredBatch,
  type StoredSnapshot,
  type Tail,
  type TakeOver,
  type TakeOverResult,
} from './journal.js';
import { MemoryStore } from './memory-store.js';

/**
 * The journal in memory, with the meaning of the Postgres one, for tests, the simulator and tools.
 * It survives nothing; a simulated crash keeps the store and drops its users. All time comes from
 * the clock, so that a run on a virtual clock repeats exactly.
 */
export interface MemoryJournalOptions {
  readonly clock?: Clock;
  /** Asked before every append and settle; absent = nothing ever goes wrong. */
  readonly fault?: (operation: WriterOperation) => Fault;
  /** Time an append or a take-over takes, milliseconds. */
  readonly delayMs?: () => number;
  /** Tables that several users share, each with its own faults; absent = tables of its own. */
  readonly store?: MemoryStore;
  /** Awaited by a taker between its two statements, where it may die. Absent = the delay. */
  readonly betweenStatements?: () => Promise<void>;
}

export interface WriterOperation {
  readonly kind: 'append' | 'settle';
  readonly incarnation: string;
  readonly batches: readonly Batch[];
}

export type Fault =
  /** Nothing goes wrong. */
  | 'none'
  /** Fails before anything is written. */
  | 'refuse'
  /** Written, but the answer is lost. */
  | 'unanswered'
  /** The answer is lost at once; what was sent is carried out `lateMs` later. */
  | { readonly lateMs: number }
  /** Answered well, `slowMs` later than usual. */
  | { readonly slowMs: number };

export class MemoryJournal implements Journal {
  /** What is stored, for oracles. */
  readonly store: MemoryStore;
  readonly #clock: Clock;
  readonly #delayMs: () => number;
  readonly #betweenStatements: () => Promise<void>;
  #fault: (operation: WriterOperation) => Fault;

  constructor(options: MemoryJournalOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#delayMs = options.delayMs ?? (() => 0);
    this.#fault = options.fault ?? (() => 'none');
    this.#betweenStatements = options.betweenStatements ?? (() => this.#delay());
    this.store = options.store ?? new MemoryStore(() => this.#clock.nowMs());
  }

  /** What an import does: the ownership row of a new event. */
  register(eventId: EventId, wakeAtMs: number | null = null): void {
    this.store.register(eventId, wakeAtMs);
  }

  /** Replaces the source of faults. */
  injectFaults(fault: (operation: WriterOperation) => Fault): void {
    this.#fault = fault;
  }

  openWriter(incarnation = ''): Promise<JournalWriter> {
    const writer = new MemoryWriter(incarnation, {
      store: this.store,
      clock: this.#clock,
      fault: (operation) => this.#fault(operation),
      delay: () => this.#delay(),
    });
    return Promise.resolve(writer);
  }

  async takeOver({ eventId, incarnation, fromEpoch }: TakeOver): Promise<TakeOverResult> {
    await this.#delay();
    const { store } = this;
    const found = store.ownership(eventId);
    if (found === null) return { kind: 'unknown_event' };
    const epoch = fromEpoch + 1;
    const { wakeAtMs } = found;
    const won = found.epoch === fromEpoch;
    const again = found.epoch === epoch && found.owner === incarnation;
    if (!won && !again) return { kind: 'lost', ownership: found };
    if (won) store.setOwnership({ ...found, owner: incarnation, epoch });
    // Between the compare-and-set and the announce others may come, as in the real one.
    await this.#betweenStatements();
    const tail = store.tail(eventId);
    if (tail !== null && tail.epoch >= epoch) {
      const first = store.batches(eventId).find((batch) => batch.epoch === epoch);
      if (again && tail.epoch === epoch && first !== undefined) {
        return { kind: 'taken', epoch, announce: first, wakeAtMs };
      }
      return { kind: 'lost', ownership: store.catchUp(eventId, incarnation, tail.epoch) };
    }
    const batch = announceAfter(eventId, epoch, tail);
    return { kind: 'taken', epoch, announce: store.announce(batch), wakeAtMs };
  }

  ownership(eventId: EventId): Promise<Ownership | null> {
    return Promise.resolve(this.store.ownership(eventId));
  }

  dueWakes(
    beforeMs: number,
    limit: number,
    exceptOwners: readonly string[],
    after: DueEvent | null,
  ): Promise<readonly Ownership[]> {
    const due = this.store
      .allOwnership()
      .filter(({ wakeAtMs }) => wakeAtMs !== null && wakeAtMs <= beforeMs)
      .filter(({ owner }) => owner === null || !exceptOwners.includes(owner))
      .filter(({ quarantined }) => quarantined === null)
      .filter((row) => after === null || inDueOrder(row, after) > 0)
      .sort(inDueOrder);
    return Promise.resolve(due.slice(0, limit));
  }

  ownedBy(incarnation: string): Promise<readonly Ownership[]> {
    const owned = this.store.allOwnership().filter(({ owner }) => owner === incarnation);
    return Promise.resolve(owned.sort((a, b) => compare(a.eventId, b.eventId)));
  }

  release(eventId: EventId, epoch: number, wakeAtMs: number | null): Promise<boolean> {
    const found = this.store.ownership(eventId);
    if (found?.epoch !== epoch) return Promise.resolve(false);
    this.store.setOwnership({ ...found, owner: null, wakeAtMs });
    return Promise.resolve(true);
  }

  pin(eventId: EventId, shardId: string | null): Promise<boolean> {
    const found = this.store.ownership(eventId);
    if (found === null) return Promise.resolve(false);
    this.store.setOwnership({ ...found, pinnedTo: shardId });
    return Promise.resolve(true);
  }

  quarantine(eventId: EventId, reason: string | null): Promise<boolean> {
    const found = this.store.ownership(eventId);
    if (found === null) return Promise.resolve(false);
    this.store.setOwnership({ ...found, quarantined: reason });
    return Promise.resolve(true);
  }

  pinned(): Promise<readonly Ownership[]> {
    const all = this.store.allOwnership().filter(({ pinnedTo }) => pinnedTo !== null);
    return Promise.resolve(all.sort((a, b) => compare(a.eventId, b.eventId)));
  }

  hashAt(eventId: EventId, batchNo: number): Promise<Uint8Array | null> {
    const found = this.store.batches(eventId).find((batch) => batch.batchNo === batchNo);
    return Promise.resolve(found?.hash ?? null);
  }

  tail(eventId: EventId): Promise<Tail | null> {
    const last = this.store.tail(eventId);
    if (last === null) return Promise.resolve(null);
    const { batchNo, epoch, lastSeq, hash } = last;
    return Promise.resolve({ batchNo, epoch, lastSeq, hash });
  }

  async *read(eventId: EventId, afterBatchNo: number): AsyncIterable<StoredBatch> {
    for (let next = afterBatchNo; ; next += limits.journalPageBatches) {
      const page = this.store.batches(eventId).slice(next, next + limits.journalPageBatches);
      if (page.length === 0) return;
      await this.#delay();
      yield* page;
    }
  }

  async *snapshots(eventId: EventId): AsyncIterable<StoredSnapshot> {
    await Promise.resolve();
    yield* this.store.snapshots(eventId);
  }

  saveSnapshot(snapshot: StoredSnapshot): Promise<boolean> {
    return Promise.resolve(this.store.saveSnapshot(snapshot));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #delay(): Promise<void> {
    return pause(this.#clock, this.#delayMs());
  }
}

interface WriterPorts {
  readonly store: MemoryStore;
  readonly clock: Clock;
  readonly fault: (operation: WriterOperation) => Fault;
  readonly delay: () => Promise<void>;
}

/** Refuses appends after any doubt until reopen(), as the real one does. */
class MemoryWriter implements JournalWriter {
  #open = true;
  #closed = false;
  #busy = false;
  readonly #incarnation: string;
  readonly #ports: WriterPorts;

  constructor(incarnation: string, ports: WriterPorts) {
    this.#incarnation = incarnation;
    this.#ports = ports;
  }

  append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    const events = new Set(batches.map((batch) => batch.eventId));
    assert(events.size === batches.length, 'one batch of an event in a group');
    return this.#run('append', batches, () => batches.map((batch) => this.#insert(batch)));
  }

  settle(batch: Batch): Promise<AppendVerdict> {
    return this.#run('settle', [batch], () => {
      const verdict = this.#insert(batch);
      return verdict === 'fenced' && this.#ports.store.has(batch) ? 'appended' : verdict;
    });
  }

  async reopen(): Promise<void> {
    assert(!this.#busy, 'one append in flight');
    assert(!this.#closed, 'the writer is closed');
    await this.#ports.delay();
    this.#open = true;
  }

  close(): Promise<void> {
    this.#open = false;
    this.#closed = true;
    return Promise.resolve();
  }

  async #run<T>(
    kind: WriterOperation['kind'],
    batches: readonly Batch[],
    apply: () => T,
  ): Promise<T> {
    assert(!this.#busy, 'one append in flight');
    this.#busy = true;
    try {
      if (!this.#open) throw new CommitUnknown('the connection to the journal is lost');
      return await this.#withFault({ kind, incarnation: this.#incarnation, batches }, apply);
    } catch (error) {
      this.#open = false;
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  async #withFault<T>(operation: WriterOperation, apply: () => T): Promise<T> {
    const { clock, delay, fault } = this.#ports;
    const planned = fault(operation);
    await delay();
    if (planned === 'refuse') throw new CommitUnknown('injected: refused');
    if (typeof planned === 'object' && 'lateMs' in planned) {
      clock.after(planned.lateMs, apply);
      throw new CommitUnknown('injected: late');
    }
    if (typeof planned === 'object') await pause(clock, planned.slowMs);
    const result = apply();
    if (planned === 'unanswered') throw new CommitUnknown('injected: unanswered');
    return result;
  }

  #insert(batch: Batch): AppendVerdict {
    return this.#ports.store.append(batch);
  }
}

function pause(clock: Clock, ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => void clock.after(ms, resolve));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const inDueOrder = (a: DueEvent, b: DueEvent): number =>
  (a.wakeAtMs ?? 0) - (b.wakeAtMs ?? 0) || compare(a.eventId, b.eventId);
