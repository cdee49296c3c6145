import { describe, expect, it } from '@jest/globals';
import type { Clock } from '#libs/platform/clock.js';
import { batchAfter, nextEventId, own } from './testing/journal.fixtures.js';
import { describeJournal } from './testing/journal.features.js';
import { CommitUnknown } from './journal.js';
import { MemoryJournal, type Fault } from './memory-journal.js';

describeJournal('the journal in memory', () => {
  const journal = new MemoryJournal();
  const { store } = journal;
  return Promise.resolve({
    journal,
    register: (eventId, wakeAtMs) => Promise.resolve(journal.register(eventId, wakeAtMs)),
    bookedSeats: (eventId) =>
      Promise.resolve([...store.bookedSeats(eventId)].map((entry) => entry.join(' ')).sort()),
    bookings: (eventId) =>
      Promise.resolve(
        store
          .bookings()
          .filter((row) => row.eventId === eventId)
          .map((row) => {
            const state = row.cancelledAtMs === null ? 'live' : 'cancelled';
            return `${row.bookingId} ${row.seats.join()} ${row.totalMinor} ${state}`;
          })
          .sort(),
      ),
    outbox: (eventId) =>
      Promise.resolve(
        store
          .outbox()
          .filter((row) => row.eventId === eventId)
          .map((row) => `${row.topic} ${row.key} ${JSON.stringify(row.payload)}`),
      ),
    loseNext: (when) => {
      journal.injectFaults(() => {
        journal.injectFaults(() => 'none');
        return when === 'before' ? 'refuse' : 'unanswered';
      });
    },
    close: () => journal.close(),
  });
});

/** A clock that stands still until it is told. */
class HandClock implements Clock {
  #now = 0;
  #timers: { atMs: number; callback: () => void }[] = [];
  nowMs = () => this.#now;
  monotonicMs = () => this.#now;
  every = () => () => undefined;
  soon = (callback: () => void) => queueMicrotask(callback);
  after(delayMs: number, callback: () => void): () => void {
    this.#timers.push({ atMs: this.#now + delayMs, callback });
    return () => undefined;
  }
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.atMs <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.#now);
    for (const timer of due) timer.callback();
  }
}

describe('faults of the journal in memory', () => {
  async function opened(fault: Fault) {
    const clock = new HandClock();
    const journal = new MemoryJournal({ clock });
    const eventId = nextEventId();
    journal.register(eventId);
    const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
    const writer = await journal.openWriter('shard-a');
    const asked: string[] = [];
    journal.injectFaults(({ kind, incarnation, batches }) => {
      asked.push(`${kind} ${incarnation} ${batches.length}`);
      return asked.length === 1 ? fault : 'none';
    });
    return { clock, journal, eventId, batch, writer, asked };
  }

  it('asks for a fault with who does what', async () => {
    const { writer, batch, asked } = await opened('none');
    await writer.append([batch]);
    await writer.settle(batch);
    expect(asked).toEqual(['append shard-a 1', 'settle shard-a 1']);
  });

  it('carries a late append out after its writer gave up', async () => {
    const { writer, batch, clock, journal, eventId } = await opened({ lateMs: 10 });
    await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
    expect((await journal.tail(eventId))?.batchNo).toBe(1);
    clock.advance(10);
    expect((await journal.tail(eventId))?.batchNo).toBe(2);
    await writer.reopen();
    expect(await writer.settle(batch)).toBe('appended');
  });

  it('fences a late append that another owner overtook', async () => {
    const { writer, batch, clock, journal, eventId } = await opened({ lateMs: 10 });
    await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
    const announce = await own(journal, eventId, 'shard-b');
    clock.advance(10);
    expect(await journal.tail(eventId)).toMatchObject({ batchNo: announce.batchNo, epoch: 2 });
  });

  it('answers a slow append when its time has come', async () => {
    const { writer, batch, clock } = await opened({ slowMs: 10 });
    let answered = false;
    const append = writer.append([batch]).then((verdicts) => {
      answered = true;
      return verdicts;
    });
    clock.advance(9);
    await Promise.resolve();
    expect(answered).toBe(false);
    // The timer is set in a microtask after the append began.
    for (let step = 0; step < 20 && !answered; step++) {
      clock.advance(1);
      await Promise.resolve();
    }
    expect(await append).toEqual(['appended']);
  });
});
