import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeHoldId } from '#libs/contracts/ids.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CommandItem, Reply } from '#libs/contracts/wire.js';
import { decodeReplyBatch, encodeCommandBatch } from '#libs/contracts/wire-codec.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId, EventId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import { decodeFacts } from '#libs/inventory/inventory.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

/**
 * Frames of commands as a broken network or a broken client brings them: each command up to five
 * times, in any order, in frames of any make-up, some after their deadline, some only then.
 */
const deadlineMs = 1_000;
const onTimeMs = fc.integer({ min: 0, max: deadlineMs - 100 });
const tooLateMs = fc.integer({ min: deadlineMs + 1, max: 2 * deadlineMs });

const arrivals = fc.record({
  onTime: fc.array(onTimeMs, { maxLength: 3 }),
  late: fc.array(tooLateMs, { maxLength: 2 }),
});
const plannedCommand = fc.record({
  user: fc.integer({ min: 0, max: 2 }),
  seats: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 }),
  /** Gives the hold of an earlier command back; -1: holds its seats. */
  releases: fc.integer({ min: -1, max: 3 }),
  arrivals,
});
type Planned = typeof plannedCommand extends fc.Arbitrary<infer T> ? T : never;

interface Told {
  readonly commandId: string;
  readonly late: boolean;
  readonly reply: Reply;
}

/** Puts frames on the bus by itself and notes what comes back. */
class RawClient {
  readonly told: Told[] = [];
  private frames = 0;
  private readonly sent: { readonly commandId: string; readonly late: boolean }[] = [];
  private readonly bus;

  constructor(
    all: MemoryCluster,
    private readonly shard: ClusterShard,
  ) {
    this.bus = all.broker.connect('raw');
    this.bus.subscribe(this.replyTo, ({ payload }) => {
      for (const { correlation, reply } of decodeReplyBatch(payload).replies) {
        this.told.push({ ...this.sent[correlation], reply });
      }
    });
  }

  private get replyTo(): string {
    return subjects.replies('operator', 'raw', this.shard.shard.incarnation);
  }

  get expected(): number {
    return this.sent.length;
  }

  /** The releases take turns: half of the frames are as the one before writes them. */
  send(items: readonly Omit<CommandItem, 'correlation'>[], late: boolean): void {
    this.frames += 1;
    const version = this.frames % 2 === 0 ? 1 : 2;
    const numbered = items.map((item) => {
      this.sent.push({ commandId: item.commandId, late });
      return { ...item, correlation: this.sent.length - 1 };
    });
    const frame = encodeCommandBatch({ version, clientId: 'raw', batchNo: 1, items: numbered });
    const to = subjects.commands(this.shard.shard.incarnation);
    expect(this.bus.publish(to, frame, this.replyTo)).toBe(true);
  }
}

function itemsOf(plan: readonly Planned[], event: EventId, untilMs: number) {
  const holdId = (i: number) => makeHoldId(event, i.toString(36).padStart(16, '0'));
  return plan.map(({ user, seats, releases }, i): Omit<CommandItem, 'correlation'> => {
    const hold: Command = {
      type: 'HoldSeats',
      holdId: holdId(i),
      seats: seats as SeatIndex[],
      areas: [],
      best: [],
    };
    const earlier = i - 1 - releases;
    const back: Command = { type: 'ReleaseHold', holdId: holdId(Math.max(0, earlier)) };
    return {
      eventId: event,
      commandId: `cmd-${i}` as CommandId,
      keyed: true,
      userId: `usr_${user}` as UserId,
      deadlineMs: untilMs,
      request: releases < 0 || earlier < 0 ? hold : back,
    };
  });
}

/** How often the journal has facts of each command id. */
function effectsOf(all: MemoryCluster, event: EventId): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of all.journal.store.batches(event)) {
    if (facts.length === 0) continue;
    for (const fact of decodeFacts(facts)) {
      if (fact.cause === undefined) continue;
      const { commandId } = fact.cause;
      counts.set(commandId, (counts.get(commandId) ?? 0) + 1);
    }
  }
  return counts;
}

async function deliver(all: MemoryCluster, client: RawClient, plan: Planned[], event: EventId) {
  const items = itemsOf(plan, event, all.clock.nowMs() + deadlineMs);
  const startedMs = all.clock.monotonicMs();
  const times = new Map<number, number[]>();
  for (const [i, { arrivals: at }] of plan.entries()) {
    for (const ms of [...at.onTime, ...at.late]) times.set(ms, [...(times.get(ms) ?? []), i]);
  }
  for (const ms of [...times.keys()].sort((a, b) => a - b)) {
    await all.clock.advance(startedMs + ms - all.clock.monotonicMs());
    const batch = times.get(ms) ?? [];
    client.send(
      batch.map((i) => items[i]),
      ms > deadlineMs,
    );
  }
  await all.clock.advance(500);
}

describe('commands that come twice, swapped and late', () => {
  it('have one effect and one answer each, or none when they come only late (G4)', async () => {
    const met = { repeated: 0, late: 0, onlyLate: 0, refused: 0, accepted: 0 };
    const property = fc.asyncProperty(
      fc.array(plannedCommand, { minLength: 4, maxLength: 14 }),
      async (plan) => {
        const all = new MemoryCluster();
        const shard = await all.addShard('shard-a');
        const event = all.addEvent('raw');
        const client = new RawClient(all, shard);
        await deliver(all, client, plan, event);
        expect(client.told).toHaveLength(client.expected);
        const effects = effectsOf(all, event);
        for (const [i, { arrivals: at }] of plan.entries()) {
          const told = client.told.filter(({ commandId }) => commandId === `cmd-${i}`);
          const replies = told.filter(({ late }) => !late).map(({ reply }) => reply);
          const answers = replies.map((reply) => {
            if (reply.kind !== 'answered') throw new Error(`on time, and told ${reply.kind}`);
            return reply.answer;
          });
          for (const answer of answers) expect(answer).toEqual(answers[0]);
          for (const { late, reply } of told) if (late) expect(reply.kind).toBe('too_late');
          expect(effects.get(`cmd-${i}`) ?? 0).toBe(at.onTime.length > 0 ? 1 : 0);
          met.repeated += Math.max(0, answers.length - 1);
          met.late += at.late.length;
          if (at.onTime.length === 0 && at.late.length > 0) met.onlyLate += 1;
          if (answers.length > 0) met[answers[0].kind] += 1;
        }
        all.client.close();
      },
    );
    await fc.assert(property, { numRuns: 60 });
    // Nothing of it was an idle wish.
    expect(Object.entries(met).filter(([, times]) => times < 20)).toEqual([]);
  }, 60_000);
});
