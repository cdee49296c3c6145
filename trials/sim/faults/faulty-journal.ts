import type { EventId } from '#libs/inventory/ids.js';
import type {
  AppendVerdict,
  Batch,
  DueEvent,
  Journal,
  JournalWriter,
  Ownership,
  StoredBatch,
  StoredSnapshot,
  Tail,
  TakeOver,
  TakeOverResult,
} from '#libs/journal/journal.js';
import { MemoryJournal, type Fault } from '#libs/journal/memory-journal.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Trace } from '../ground/trace.js';
import type { Weather } from './weather.js';

/**
 * The journal as one process reaches it: the tables are shared and never wrong, the way to them is
 * not. A statement that was sent is carried out even if its sender dies; an answer reaches only a
 * process that still runs.
 */
export class FaultyJournal implements Journal {
  /** The database does not answer this process. */
  away = false;
  private readonly inner: MemoryJournal;

  constructor(private readonly ports: FaultyJournalPorts) {
    const { clock, process, store } = ports;
    this.inner = new MemoryJournal({
      clock,
      store,
      fault: () => this.appendFault(),
      delayMs: () => 0,
      betweenStatements: () => process.gate(this.travel()),
    });
  }

  async openWriter(incarnation = ''): Promise<JournalWriter> {
    const writer = await this.inner.openWriter(incarnation);
    return new GatedWriter(writer, this, this.ports);
  }

  takeOver(request: TakeOver): Promise<TakeOverResult> {
    return this.ask('takeOver', () => this.inner.takeOver(request), 'torn_state');
  }

  ownership(eventId: EventId): Promise<Ownership | null> {
    return this.ask('ownership', () => this.inner.ownership(eventId));
  }

  dueWakes(
    beforeMs: number,
    limit: number,
    exceptOwners: readonly string[],
    after: DueEvent | null,
  ): Promise<readonly Ownership[]> {
    return this.ask('dueWakes', () => this.inner.dueWakes(beforeMs, limit, exceptOwners, after));
  }

  ownedBy(incarnation: string): Promise<readonly Ownership[]> {
    return this.ask('ownedBy', () => this.inner.ownedBy(incarnation));
  }

  release(eventId: EventId, epoch: number, wakeAtMs: number | null): Promise<boolean> {
    return this.ask('release', () => this.inner.release(eventId, epoch, wakeAtMs), 'torn_state');
  }

  pin(eventId: EventId, shardId: string | null): Promise<boolean> {
    return this.ask('pin', () => this.inner.pin(eventId, shardId));
  }

  pinned(): Promise<readonly Ownership[]> {
    return this.ask('pinned', () => this.inner.pinned());
  }

  quarantine(eventId: EventId, reason: string | null): Promise<boolean> {
    return this.ask('quarantine', () => this.inner.quarantine(eventId, reason));
  }

  tail(eventId: EventId): Promise<Tail | null> {
    return this.ask('tail', () => this.inner.tail(eventId));
  }

  hashAt(eventId: EventId, batchNo: number): Promise<Uint8Array | null> {
    return this.ask('hashAt', () => this.inner.hashAt(eventId, batchNo));
  }

  async *read(eventId: EventId, afterBatchNo: number): AsyncIterable<StoredBatch> {
    const batches = await this.ask('read', () => collect(this.inner.read(eventId, afterBatchNo)));
    yield* batches;
  }

  async *snapshots(eventId: EventId): AsyncIterable<StoredSnapshot> {
    yield* await this.ask('snapshots', () => collect(this.inner.snapshots(eventId)));
  }

  saveSnapshot(snapshot: StoredSnapshot): Promise<boolean> {
    return this.ask('saveSnapshot', () => this.inner.saveSnapshot(snapshot), 'torn_state');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One statement and its answer. `tears`: the process may die right before or after it. */
  ask<T>(name: string, work: () => Promise<T>, tears?: 'torn_state'): Promise<T> {
    const { process, weather, trace } = this.ports;
    const asked = async (): Promise<T> => {
      if (this.away || weather.strikes('look_up_failed')) {
        await this.travel();
        throw new Error(`injected: ${name} failed`);
      }
      if (tears !== undefined) await this.survive(`before ${name}`);
      await this.travel();
      const result = await work();
      if (tears !== undefined) this.mayDie(`after ${name}`);
      await this.travel();
      return result;
    };
    if (process.dead) return never();
    trace.note(process.name, `asks the journal: ${name}`);
    return process.gate(asked());
  }

  /** Goes on only if the process does: what a dead one was about to send is never sent. */
  survive(when: string): Promise<void> {
    this.mayDie(when);
    return this.ports.process.dead ? never() : Promise.resolve();
  }

  mayDie(when: string): void {
    const { process, weather, trace } = this.ports;
    if (!process.dead && weather.strikes('torn_state')) {
      trace.note(process.name, `dies ${when}`);
      process.kill();
    }
  }

  travel(): Promise<void> {
    const { clock, weather } = this.ports;
    return new Promise((resolve) => void clock.after(weather.between(0.1, 1), resolve));
  }

  private appendFault(): Fault {
    const { weather } = this.ports;
    if (this.away || weather.strikes('journal_refused')) return 'refuse';
    if (weather.strikes('journal_unanswered')) return 'unanswered';
    if (weather.strikes('journal_late')) return { lateMs: weather.between(1, 1_500) };
    if (weather.strikes('journal_slow')) return { slowMs: weather.between(1, 1_500) };
    return 'none';
  }
}

export interface FaultyJournalPorts {
  readonly clock: VirtualClock;
  readonly process: SimProcess;
  readonly store: MemoryStore;
  readonly weather: Weather;
  readonly trace: Trace;
}

class GatedWriter implements JournalWriter {
  constructor(
    private readonly inner: JournalWriter,
    private readonly journal: FaultyJournal,
    private readonly ports: FaultyJournalPorts,
  ) {}

  append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    const names = batches.map(({ eventId, batchNo, epoch }) => `${eventId}#${batchNo}@${epoch}`);
    return this.write(`append ${names.join(' ')}`, () => this.inner.append(batches));
  }

  settle(batch: Batch): Promise<AppendVerdict> {
    return this.write(`settle ${batch.eventId}#${batch.batchNo}@${batch.epoch}`, () =>
      this.inner.settle(batch),
    );
  }

  reopen(): Promise<void> {
    return this.journal.ask('reopen', () => this.inner.reopen());
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private write<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { process, trace } = this.ports;
    if (process.dead) return never();
    const written = async (): Promise<T> => {
      await this.journal.survive(`before ${name}`);
      await this.journal.travel();
      try {
        const result = await work();
        trace.note('journal', `${process.name}: ${name}: ${String(result)}`);
        return result;
      } catch (error) {
        trace.note('journal', `${process.name}: ${name}: ${(error as Error).message}`);
        throw error;
      } finally {
        this.journal.mayDie(`after ${name}`);
        await this.journal.travel();
      }
    };
    return process.gate(written());
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
