import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { ItemReply } from '#libs/contracts/wire.js';
import {
  createState,
  factLevelNewest,
  type Command,
  type CommandId,
  type EventId,
  type HoldId,
  type SaleRules,
  type SeatIndex,
  type UserId,
} from '#libs/inventory/inventory.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { ActorPorts } from './actor-ports.js';
import { EventActor } from './event-actor.js';
import { IncomingBatch, Mail, ReplyOutbox } from './mail.js';
import { Mailbox } from './mailbox.js';

const eventId = 'evt_one' as EventId;
const placesAHold = 8;
/** Of smallHall(). */
const placesOfFloor = 100;
const mark = 'AAAAAAAAAAA';
/** Under which an address holds `addressPlacesMin`. */
const small = 400;

let clock: VirtualClock;
let mailbox: Mailbox<Mail>;
let actor: EventActor;
let sent: ItemReply[];
let made: number;

const nothing = (): void => undefined;

function open(places: number, rules: Partial<SaleRules> = {}): void {
  clock = new VirtualClock();
  mailbox = new Mailbox<Mail>(limits.mailboxMax);
  sent = [];
  made = 0;
  const ports: Partial<ActorPorts<EventActor>> = {
    incarnation: 'shard-1',
    clock,
    factLevel: { written: factLevelNewest },
    wantCommit: nothing,
    wake: nothing,
    publishDiff: nothing,
    wantSnapshot: nothing,
    countReplayed: nothing,
    observeLateness: nothing,
    traced: nothing,
  };
  const seed = {
    eventId,
    epoch: 1,
    state: createState(
      smallHall(1, places - placesOfFloor),
      saleRules({ placesPerBuyerMax: 50, ...rules }),
    ),
    batchNo: 1,
    hash: new Uint8Array(32),
    wakeAtMs: null,
    factsSinceSnapshot: 0,
    batchesSinceSnapshot: 0,
  };
  actor = new EventActor(seed, mailbox, ports as ActorPorts<EventActor>);
}

beforeEach(() => open(small));

/** What the command was told; `no` says which command it is. */
function say(request: Command, address?: string, no = made + 1, userId = `usr_${made}`): string {
  made += 1;
  const item = {
    correlation: made,
    eventId,
    commandId: `c${no}` as CommandId,
    keyed: true,
    userId: userId as UserId,
    deadlineMs: clock.nowMs() + 1_000,
    request,
    ...(address === undefined ? {} : { address }),
  };
  const outbox = new ReplyOutbox((_to, { replies }) => void sent.push(...replies));
  mailbox.push(new Mail(item, new IncomingBatch('client', 1, made, outbox), clock.monotonicMs()));
  actor.turn();
  if (actor.seal() !== null) actor.committed();
  outbox.flush();
  const { reply } = sent[sent.length - 1];
  if (reply.kind !== 'answered') return reply.kind;
  return reply.answer.kind === 'refused' ? reply.answer.refusal.code : reply.answer.kind;
}

const holdIdOf = (no: number): HoldId => `rsv_one_${String(no).padStart(16, '0')}` as HoldId;

/** The no-th eight seats. */
const hold = (no: number): Command => ({
  type: 'HoldSeats',
  holdId: holdIdOf(no),
  seats: Array.from({ length: placesAHold }, (_, i) => (no * placesAHold + i) as SeatIndex),
  areas: [],
  best: [],
});

/** As many faces of one address as there are eight seats; how many got some. */
function faces(count: number, address?: string, from = 0): number {
  const told = Array.from({ length: count }, (_, no) => say(hold(from + no), address));
  return told.filter((answer) => answer === 'accepted').length;
}

function change(rules: Partial<SaleRules>): void {
  expect(say({ type: 'ChangeRules', rules, capacities: [], texts: [] })).toBe('accepted');
}

const holdsMax = Math.floor(limits.addressPlacesMin / placesAHold);

describe('many faces of one address', () => {
  it('hold together no more than its part of a small event', () => {
    expect(faces(20, mark)).toBe(holdsMax);
    expect(say(hold(20), mark)).toBe('address_limit');
  });

  it('hold a tenth of a large one', () => {
    open(small * 4);
    const tenth = Math.floor((small * 4 * limits.addressPlacesShare) / placesAHold);
    expect(faces(tenth + 5, mark)).toBe(tenth);
  });

  it('hold what the event says, from the next hold on (docs/decisions/0021)', () => {
    open(small, { placesPerAddressMax: 2 * placesAHold });
    expect(faces(5, mark)).toBe(2);
    change({ placesPerAddressMax: 3 * placesAHold });
    expect(faces(5, mark, 10)).toBe(1);
    change({ placesPerAddressMax: placesAHold });
    expect(say(hold(20), mark)).toBe('address_limit');
    change({ placesPerAddressMax: null });
    expect(faces(20, mark, 20)).toBe(holdsMax - 3);
  });

  it('hold at least what one buyer may', () => {
    open(small, { placesPerBuyerMax: 10 * placesAHold });
    expect(faces(15, mark)).toBe(10);
  });

  it('leave the others what is free, and those without a mark', () => {
    faces(holdsMax + 1, mark);
    expect(say(hold(10), 'BBBBBBBBBBB')).toBe('accepted');
    expect(say(hold(11))).toBe('accepted');
  });

  it('have room again when a hold expires, is given back, or in part', () => {
    faces(holdsMax, mark);
    expect(say(hold(15), mark)).toBe('address_limit');
    say({ type: 'ReleaseHold', holdId: holdIdOf(0) }, undefined, made + 1, 'usr_0');
    expect(say(hold(15), mark)).toBe('accepted');
    expect(say(hold(16), mark)).toBe('address_limit');
    const seats = Array.from({ length: 7 }, (_, i) => (placesAHold + i) as SeatIndex);
    say({ type: 'ReleaseHold', holdId: holdIdOf(1), seats }, undefined, made + 1, 'usr_1');
    expect(say(hold(16), mark)).toBe('accepted');
    clock.jump(saleRules().holdTtlMs);
    expect(faces(holdsMax, mark, 20)).toBe(holdsMax);
  });

  it('are told the same again, also what was held before the bound was reached (G4)', () => {
    const first = made + 1;
    expect(say(hold(0), mark, first, 'usr_0')).toBe('accepted');
    faces(holdsMax + 3, mark);
    expect(say(hold(0), mark, first, 'usr_0')).toBe('accepted');
    const refused = made + 1;
    expect(say(hold(19), mark, refused, 'usr_z')).toBe('address_limit');
    say({ type: 'ReleaseHold', holdId: holdIdOf(1) }, undefined, made + 1, 'usr_2');
    expect(say(hold(19), mark, refused, 'usr_z')).toBe('address_limit');
  });

  it('are refused for what is wrong with the cart first', () => {
    faces(holdsMax, mark);
    expect(say(hold(0), mark)).toBe('hold_id_taken');
    expect(say({ ...hold(0), holdId: holdIdOf(99) } as Command, mark)).toBe('seats_unavailable');
  });
});
