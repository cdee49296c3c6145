import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import {
  decodeFacts,
  type EventId,
  type Fact,
  type HoldId,
  type UserId,
} from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

/**
 * Fifty thousand holds that are due in one instant, while people buy: once under an owner that
 * lives, once under one that takes over after all of them were due (race 11). Production code on a
 * virtual clock, so lateness is what the engine decides and not what the machine can do.
 */
const rows = 250;
const seatsPerRow = 200;
const holdCount = rows * seatsPerRow;
const holdTtlMs = 60_000;
const holdsPerUser = 100;
const chunk = 10_000;
const stormBuyers = 500;
/** G3: a hold may be freed a little later. */
const lateMsMax = 100;
/** Until the death is known and the event is taken over. */
const takeOverMsMax = 1_000;

class Storm {
  readonly all = new MemoryCluster();
  members: ClusterShard[] = [];
  event = '' as EventId;
  readonly heldBy = new Map<HoldId, number>();

  async open(): Promise<void> {
    for (const name of ['shard-0', 'shard-1']) this.members.push(await this.all.addShard(name));
    await this.all.clock.advance(2 * limits.heartbeatMs);
    this.event = this.all.addEvent('storm', { holdTtlMs }, rows, seatsPerRow);
    for (let from = 0; from < holdCount; from += chunk) {
      const seats = Array.from({ length: chunk }, (_, i) => from + i);
      const answers = await this.ask(seats, (seat) => `usr_${Math.floor(seat / holdsPerUser)}`);
      for (const [i, answer] of answers.entries()) this.heldBy.set(holdOf(answer), seats[i]);
    }
  }

  /** One hold of each seat, all sent at once; time passes until every answer is there. */
  async ask(seats: readonly number[], userOf: (seat: number) => string): Promise<CallResult[]> {
    const { all, event } = this;
    const answers: CallResult[] = [];
    let missing = seats.length;
    seats.forEach((seat, i) => {
      const call = { eventId: event, keyed: false, userId: userOf(seat) as UserId };
      const request = all.hold(event, [seat]);
      all.client.send({ ...call, commandId: all.client.nextCommandId(), request }, (answer) => {
        answers[i] = answer;
        missing -= 1;
      });
    });
    for (let i = 0; i < 600 && missing > 0; i += 1) await all.clock.advance(5);
    expect(missing).toBe(0);
    return answers;
  }

  async killOwner(): Promise<void> {
    const row = await this.all.journal.ownership(this.event);
    this.all.kill(this.members.find(({ shard }) => shard.incarnation === row?.owner)!);
  }

  batches(): { facts: readonly Fact[]; writtenAtMs: number }[] {
    return this.all.journal.store
      .batches(this.event)
      .map(({ facts, writtenAtMs }) => ({ facts: decodeFacts(facts), writtenAtMs }));
  }

  deadlines(): Map<HoldId, number> {
    const held = this.batches().flatMap(({ facts }) => facts);
    return new Map(
      held.flatMap((fact) => (fact.type === 'SeatsHeld' ? [[fact.holdId, fact.deadlineMs]] : [])),
    );
  }
}

function holdOf(result: CallResult): HoldId {
  const accepted = result.kind === 'answered' && result.answer.kind === 'accepted';
  const outcome = accepted ? result.answer.outcome : null;
  if (outcome?.type === 'hold') return outcome.holdId;
  throw new Error(`not held: ${JSON.stringify(result)}`);
}

describe('fifty thousand holds that are due at once while people buy', () => {
  it.each([
    ['under an owner that lives', false],
    ['at a take-over', true],
  ])(
    'end in order, none early, soon, and whoever buys meanwhile keeps the seats: %s',
    async (_, dies) => {
      const storm = new Storm();
      await storm.open();
      const { clock } = storm.all;
      const deadlines = [...storm.deadlines().values()];
      expect(deadlines.length).toBe(holdCount);
      const firstMs = Math.min(...[deadlines[0], deadlines.at(-1)!]);
      const lastMs = Math.max(...[deadlines[0], deadlines.at(-1)!]);
      await clock.advance(firstMs - 50 - clock.nowMs());
      if (dies) await storm.killOwner();
      // Before the deadline everything is taken; from it on everything is free.
      await clock.advance(lastMs - clock.nowMs());
      const wanted = Array.from({ length: stormBuyers }, (_, i) => holdCount - 1 - i * 97);
      const askedAtMs = clock.nowMs();
      const bought = await storm.ask(wanted, (seat) => `usr_late${seat}`);
      const waitedMs = clock.nowMs() - askedAtMs;
      expect(waitedMs).toBeLessThanOrEqual(dies ? takeOverMsMax : lateMsMax);
      await clock.advance(lastMs + takeOverMsMax + lateMsMax - clock.nowMs());

      const lateMs = dies ? takeOverMsMax : lateMsMax;
      checkExpiries(storm, lastMs, lateMs);
      checkSeats(storm, new Set(bought.map(holdOf)));
    },
    60_000,
  );
});

function checkExpiries(storm: Storm, lastMs: number, lateMs: number): void {
  const deadlines = storm.deadlines();
  const ended: HoldId[] = [];
  const wrong: string[] = [];
  let before = 0;
  for (const { facts, writtenAtMs } of storm.batches()) {
    const taken = new Set(facts.flatMap((fact) => (fact.type === 'SeatsHeld' ? fact.seats : [])));
    for (const fact of facts) {
      if (fact.type !== 'HoldExpired') continue;
      const { holdId, atMs } = fact;
      const deadlineMs = deadlines.get(holdId) ?? Infinity;
      if (atMs < deadlineMs) wrong.push(`${holdId} is ended early`);
      if (writtenAtMs > lastMs + lateMs) wrong.push(`${holdId} is ended late`);
      ended.push(holdId);
      // Only a buyer who wants that very seat may end a hold out of its turn.
      if (taken.has((storm.heldBy.get(holdId) ?? -1) as never)) continue;
      if (deadlineMs < before) wrong.push(`${holdId} is ended out of its turn`);
      before = deadlineMs;
    }
  }
  expect(wrong).toEqual([]);
  expect(ended.length).toBe(holdCount);
  expect(new Set(ended)).toEqual(new Set(storm.heldBy.keys()));
}

/** Folded by hand: one holder a seat at any time, and at the end just those who bought. */
function checkSeats(storm: Storm, bought: ReadonlySet<HoldId>): void {
  expect(bought.size).toBe(stormBuyers);
  const live = new Map<number, HoldId>();
  const wrong: string[] = [];
  for (const fact of storm.batches().flatMap(({ facts }) => facts)) {
    if (fact.type === 'SeatsHeld') {
      if (live.has(fact.seats[0])) wrong.push(`seat ${fact.seats[0]} has two holders`);
      live.set(fact.seats[0], fact.holdId);
    } else if (fact.type === 'HoldExpired') {
      const seat = storm.heldBy.get(fact.holdId) ?? -1;
      if (live.get(seat) !== fact.holdId) wrong.push(`${fact.holdId} ends without its seat`);
      live.delete(seat);
    }
  }
  expect(wrong).toEqual([]);
  expect(new Set(live.values())).toEqual(bought);
}
