import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { ItemReply, Reply } from '#libs/contracts/wire.js';
import type { Command, CommandId, EventId, HoldId, UserId } from '#libs/inventory/inventory.js';
import { createState, factLevelNewest, type SeatIndex } from '#libs/inventory/inventory.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { EventActor } from './event-actor.js';
import { IncomingBatch, Mail, ReplyOutbox } from './mail.js';
import { Mailbox } from './mailbox.js';

/** One actor, its mailbox, and a host that does nothing until it is told to. */
const eventId = 'evt_one' as EventId;
let clock: VirtualClock;
let mailbox: Mailbox<Mail>;
/** Raised by the spec that tells of it. */
const factLevel = { written: 2 };
let actor: EventActor;
let outbox: ReplyOutbox;
let sent: ItemReply[];
let made: number;
let tooLate: number;
let replayed: number;
let slow: { commands: number[]; oldestMs: number }[];

beforeEach(() => {
  factLevel.written = 2;
  clock = new VirtualClock();
  mailbox = new Mailbox<Mail>(10 * limits.mailboxMax);
  sent = [];
  made = 0;
  tooLate = 0;
  replayed = 0;
  slow = [];
  outbox = new ReplyOutbox((_to, { replies }) => void sent.push(...replies));
  const rules = saleRules({ placesPerBuyerMax: 1_000_000 });
  const seed = {
    eventId,
    epoch: 1,
    state: createState(smallHall(100, 60), rules),
    batchNo: 1,
    hash: new Uint8Array(32),
    wakeAtMs: null,
    factsSinceSnapshot: 0,
    batchesSinceSnapshot: 0,
  };
  actor = new EventActor(seed, mailbox, {
    incarnation: 'shard-1',
    clock,
    factLevel,
    wantCommit: () => undefined,
    wake: () => undefined,
    publishDiff: () => undefined,
    wantSnapshot: () => undefined,
    lost: () => undefined,
    broke: () => undefined,
    tooLate: () => {
      tooLate += 1;
    },
    slow: (_event, mails, oldestMs) => {
      slow.push({ commands: mails.map(({ item }) => item.correlation), oldestMs });
    },
    countReplayed: () => {
      replayed += 1;
    },
    observeLateness: () => undefined,
    traced: () => undefined,
  });
  // The sale opens by itself in the first turn.
  turn();
  actor.seal();
  actor.committed();
});

/** Returns the number under which the answer comes. */
function post(
  request: Command | { type: 'GetSeatMap' },
  deadlineMs = clock.nowMs() + 1_000,
  commandNo = made + 1,
  keyed = false,
) {
  made += 1;
  const item = {
    correlation: made,
    eventId,
    commandId: `c${commandNo}` as CommandId,
    keyed,
    userId: 'usr_a' as UserId,
    deadlineMs,
    request,
  };
  mailbox.push(new Mail(item, new IncomingBatch('client', 1, made, outbox), clock.monotonicMs()));
  return made;
}

const seatMap = { type: 'GetSeatMap' } as const;
const nobody = { held: 0, booked: 0 };

const hold = (seat: number, places = 1): Command => ({
  type: 'HoldSeats',
  holdId: `rsv_one_${String(seat).padStart(16, '0')}` as HoldId,
  seats: Array.from({ length: places }, (_, i) => (seat + i) as SeatIndex),
  areas: [],
  best: [],
});

/** What has left, by number. */
function answers(): Map<number, Reply> {
  outbox.flush();
  return new Map(sent.map(({ correlation, reply }) => [correlation, reply]));
}

function turn(): void {
  actor.turn();
}

describe('the output gate of an actor (G2)', () => {
  it('keeps a map back that shows undurable seats, also while their append runs', () => {
    post(hold(1));
    const early = post(seatMap);
    turn();
    actor.seal();
    const late = post(seatMap);
    turn();
    expect([...answers().keys()]).toEqual([]);
    actor.committed();
    expect(answers().get(early)).toMatchObject({ kind: 'found' });
    expect(answers().get(late)).toMatchObject({ kind: 'found' });
  });

  it('says nothing of what a buyer has booked while the journal may not have it', () => {
    const mine = () => actor.roomReads().buyers(['usr_a' as UserId, 'usr_b' as UserId]);
    expect(mine()).toEqual([nobody, nobody]);
    post(hold(1, 2));
    turn();
    expect(mine()).toEqual([{ held: 2, booked: null }, nobody]);
    actor.seal();
    expect(mine()).toEqual([{ held: 2, booked: null }, nobody]);
    actor.committed();
    expect(mine()).toEqual([{ held: 2, booked: 0 }, nobody]);
  });

  it('counts a command that is answered a second time, and does nothing again (G4)', () => {
    const first = post(hold(1));
    turn();
    actor.seal();
    actor.committed();
    expect(replayed).toBe(0);
    const again = post(hold(1), undefined, first);
    turn();
    expect(answers().get(again)).toMatchObject({ kind: 'answered', replayed: true });
    expect(replayed).toBe(1);
  });

  it('is open when everything is durable', () => {
    const number = post(seatMap);
    turn();
    expect(answers().get(number)).toMatchObject({ kind: 'found' });
  });

  it('tells an unknown outcome from nothing done when the actor stops in an append (G4)', () => {
    const sealed = post(hold(1));
    turn();
    actor.seal();
    const open = post(hold(2));
    turn();
    actor.stop();
    expect(answers().get(sealed)).toMatchObject({ kind: 'unavailable', executed: 'unknown' });
    expect(answers().get(open)).toMatchObject({ kind: 'moved' });
  });

  it('acknowledges nothing of a batch that was fenced, and stops', () => {
    const number = post(hold(1));
    turn();
    actor.seal();
    actor.lost('fenced');
    expect(answers().get(number)).toMatchObject({ kind: 'moved' });
    expect(actor.stopped).toBe(true);
  });
});

describe('a command past its deadline', () => {
  it('is dropped before it is decided', () => {
    const number = post(hold(1), clock.nowMs() - 1);
    turn();
    expect(answers().get(number)).toEqual({ kind: 'too_late' });
    expect(actor.seal()).toBeNull();
    expect(tooLate).toBe(1);
  });
});

describe('the bounds of a batch (G8)', () => {
  it('are so many bytes, as an upper estimate', () => {
    const bytesAtLeast = 300;
    const fit = Math.ceil(limits.bytesPerBatchMax / bytesAtLeast);
    for (let i = 0; i < fit + 10; i++) post(hold(i));
    turn();
    expect(mailbox.length).toBeGreaterThan(0);
    expect(actor.seal()?.facts.byteLength).toBeLessThanOrEqual(limits.bytesPerBatchMax);
  });

  it('are so many answers behind the gate', () => {
    post(hold(1));
    for (let i = 0; i < limits.mailboxMax + 10; i++) post(seatMapOfNobody);
    turn();
    expect(mailbox.length).toBe(11);
    actor.seal();
    actor.committed();
    expect(answers().size).toBe(limits.mailboxMax);
  });
});

/** A question whose answer is small. */
const seatMapOfNobody = {
  type: 'ReleaseHold',
  holdId: 'rsv_one_zzzzzzzzzzzzzzzz',
} as Command;

describe('a refusal that no fact remembers (G4)', () => {
  const rules: Command = { type: 'ChangeRules', rules: {}, capacities: [], texts: [] };
  const tenMore = { ...rules, rules: { placesPerHoldMax: 20 } };

  /** What this actor says to it, once all is durable. */
  function say(request: Command, commandNo: number, deadlineMs: number): Reply | undefined {
    const number = post(request, deadlineMs, commandNo, true);
    turn();
    if (actor.seal() !== null) actor.committed();
    return answers().get(number);
  }

  it('is said again to the same call, also when the level has risen meanwhile', () => {
    const deadlineMs = clock.nowMs() + 1_000;
    const refusal = { code: 'not_finalized' };
    const refused = { kind: 'answered', answer: { kind: 'refused', refusal } };
    expect(say(rules, 1, deadlineMs)).toEqual({ ...refused, replayed: false });
    factLevel.written = factLevelNewest;
    expect(say(rules, 1, deadlineMs)).toEqual({ ...refused, replayed: true });
    expect(say(rules, 2, deadlineMs)).toMatchObject({ answer: { kind: 'accepted' } });
  });

  it('is said again when the rules have changed, to the same body and no other', () => {
    factLevel.written = factLevelNewest;
    const deadlineMs = clock.nowMs() + 1_000;
    const refused = { answer: { kind: 'refused', refusal: { code: 'too_many_places' } } };
    expect(say(hold(0, 11), 1, deadlineMs)).toMatchObject(refused);
    say(tenMore, 2, deadlineMs);
    expect(say(hold(0, 11), 1, deadlineMs)).toMatchObject({ ...refused, replayed: true });
    expect(say(hold(0, 12), 1, deadlineMs)).toMatchObject({ answer: { kind: 'accepted' } });
  });

  it('is over with the deadline of its call: who asks again then is judged anew', async () => {
    factLevel.written = factLevelNewest;
    const deadlineMs = clock.nowMs() + 1_000;
    say(hold(0, 11), 1, deadlineMs);
    say(tenMore, 2, deadlineMs);
    await clock.advance(1_001);
    const later = clock.nowMs() + 1_000;
    expect(say(hold(0, 11), 1, later)).toMatchObject({ answer: { kind: 'accepted' } });
  });

  it('is kept for a bounded number of calls: over it the oldest go (G8)', () => {
    factLevel.written = factLevelNewest;
    const deadlineMs = clock.nowMs() + 1_000;
    for (let no = 1; no <= limits.spokenRefusalsMax + 1; no++) say(hold(0, 11), no, deadlineMs);
    say(tenMore, 10_000, deadlineMs);
    expect(say(hold(0, 11), 2, deadlineMs)).toMatchObject({ replayed: true });
    expect(say(hold(0, 11), 1, deadlineMs)).toMatchObject({ answer: { kind: 'accepted' } });
  });
});

describe('a slow commit', () => {
  it('is told with the commands that waited too long for it, and with no other', async () => {
    post(hold(1));
    post(seatMap);
    turn();
    actor.seal();
    await clock.advance(limits.slowCommandMs);
    actor.committed();
    expect(answers().size).toBe(2);
    expect(slow).toEqual([]);

    const [oldest, old] = [post(hold(3)), post(hold(4))];
    turn();
    await clock.advance(200);
    post(hold(5));
    turn();
    actor.seal();
    await clock.advance(100);
    actor.committed();
    expect(slow).toEqual([{ commands: [oldest, old], oldestMs: 300 }]);
  });
});
