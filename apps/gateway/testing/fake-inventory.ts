import type { Bus } from '#libs/bus/bus.js';
import { subjects } from '#libs/contracts/subjects.js';
import { encodeDiff } from '#libs/contracts/wire-codec.js';
import type { HoldNote, SeatDiff } from '#libs/contracts/wire.js';
import type { Command, HoldSeats, ReleaseHold } from '#libs/inventory/commands.js';
import type { Answer, HoldOutcome } from '#libs/inventory/rules/decision.js';
import type {
  AreaIndex,
  CommandId,
  EventId,
  HoldId,
  MinorUnits,
  SeatIndex,
  TimeMs,
  UserId,
  Version,
} from '#libs/inventory/ids.js';
import type { Refusal } from '#libs/inventory/refusal-codes.js';
import type { CallResult, InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';

/**
 * The owner of one event for tests of the edge: named seats, areas, a naive best available, an
 * idempotency window and numbered diffs on the bus. Knows none of the core's scarcity rules.
 */
interface Hold {
  readonly userId: UserId;
  seats: SeatIndex[];
  areas: Map<number, number>;
  deadlineMs: number;
}

const holdMs = 600_000;
const seatPrice = 5_000;

export class FakeInventory implements InventoryClient {
  ready = true;
  epoch = 1;
  version = 0;
  saleStatus: 'scheduled' | 'open' | 'closed' = 'open';
  readonly statuses: Uint8Array;
  readonly areaHeld: number[];
  /** Every call that came, for tests that nothing reached the owner. */
  readonly calls: InventoryCall[] = [];
  /** Answers instead of the owner; null = none. */
  override: ((call: InventoryCall) => CallResult | null) | null = null;
  /** True: diffs are counted but not sent, as if the bus had lost them. */
  loseDiffs = false;
  private readonly holds = new Map<HoldId, Hold>();
  private readonly window = new Map<CommandId, { body: string; answer: Answer }>();
  private counter = 0;

  constructor(
    private readonly bus: Bus,
    readonly eventId: EventId,
    seatCount: number,
    private readonly areaCapacities: readonly number[],
    private readonly later: (done: () => void) => void = setImmediate,
  ) {
    this.statuses = new Uint8Array(seatCount);
    this.areaHeld = areaCapacities.map(() => 0);
  }

  nextCommandId(): CommandId {
    return `fake-${++this.counter}` as CommandId;
  }

  send(call: InventoryCall, done: (result: CallResult) => void): void {
    this.calls.push(call);
    const result = this.result(call);
    this.later(() => done(result));
  }

  call(call: InventoryCall): Promise<CallResult> {
    return new Promise((resolve) => this.send(call, resolve));
  }

  close(): void {
    this.ready = false;
  }

  get changes(): number {
    return this.version;
  }

  /** A change that no client asked for, as by another gateway. */
  setSeats(seats: readonly number[], status: number, notes: HoldNote[] = []): void {
    for (const seat of seats) this.statuses[seat] = status;
    this.publish(
      seats.flatMap((seat) => [seat, status]),
      [],
      notes,
    );
  }

  expire(holdId: HoldId): void {
    const hold = this.holds.get(holdId);
    if (hold === undefined) throw new Error('no such hold');
    this.holds.delete(holdId);
    this.free(hold.seats, hold.areas, this.note(hold, holdId, 'expired'));
  }

  private result(call: InventoryCall): CallResult {
    const forced = this.override?.(call) ?? null;
    if (forced !== null) return forced;
    if (call.eventId !== this.eventId) return { kind: 'unknown_event' };
    const { request } = call;
    if (request.type === 'GetSeatMap') return this.seatMap();
    if (request.type === 'DescribeEvent') return this.describe();
    if (request.type === 'GetHold') return this.getHold(request.holdId);
    return { kind: 'answered', answer: this.once(call, request), replayed: false };
  }

  private once(call: InventoryCall, command: Command): Answer {
    const body = JSON.stringify(command);
    const known = this.window.get(call.commandId);
    if (known !== undefined) return known.body === body ? known.answer : no('command_id_reused');
    const answer = this.decide(command, call.userId);
    this.window.set(call.commandId, { body, answer });
    return answer;
  }

  private decide(command: Command, userId: UserId): Answer {
    if (command.type === 'HoldSeats') return this.hold(command, userId);
    if (command.type === 'ReleaseHold') return this.release(command, userId);
    if (command.type === 'OpenSale') return this.setSale('open');
    if (command.type === 'CloseSale') return this.setSale('closed');
    if (command.type !== 'ExtendHold') return no('invalid_command');
    return this.withHold(command.holdId, userId, (hold) => {
      hold.deadlineMs += command.byMs ?? holdMs;
      return this.outcome(command.holdId, hold);
    });
  }

  private setSale(status: 'open' | 'closed'): Answer {
    this.saleStatus = status;
    return { kind: 'accepted', outcome: { type: 'done' } };
  }

  private release(command: ReleaseHold, userId: UserId): Answer {
    return this.withHold(command.holdId, userId, (hold) => {
      const seats = command.seats ?? hold.seats;
      if (seats.some((seat) => !hold.seats.includes(seat))) return no('not_in_hold', { seats });
      const areas = new Map(command.areas?.map((a) => [a.area, a.quantity]) ?? hold.areas);
      const kept = command.seats === undefined ? new Map<number, number>() : hold.areas;
      hold.seats = hold.seats.filter((seat) => !seats.includes(seat));
      hold.areas = kept;
      if (hold.seats.length === 0) this.holds.delete(command.holdId);
      this.free(seats, areas, this.note(hold, command.holdId, 'released'));
      return this.outcome(command.holdId, hold);
    });
  }

  private hold(command: HoldSeats, userId: UserId): Answer {
    if (this.saleStatus !== 'open') return no('sale_not_open');
    const seats = [...command.seats];
    for (const { quantity } of command.best) {
      const block = this.block(quantity, seats);
      if (block === null) return no('no_block_available');
      seats.push(...block);
    }
    const taken = seats.filter((seat) => this.statuses[seat] !== 0);
    if (taken.length > 0) {
      const alternative = this.block(seats.length, []) ?? [];
      return no('seats_unavailable', { seats: taken, alternative });
    }
    const full = command.areas.filter(
      ({ area, quantity }) => this.areaHeld[area] + quantity > this.areaCapacities[area],
    );
    if (full.length > 0) return no('area_full', { areas: full.map(({ area }) => area) });
    const areas = new Map(command.areas.map((a) => [a.area as number, a.quantity]));
    const hold = { userId, seats, areas, deadlineMs: Date.now() + holdMs };
    this.holds.set(command.holdId, hold);
    for (const seat of seats) this.statuses[seat] = 1;
    for (const [area, quantity] of areas) this.areaHeld[area] += quantity;
    const changed = seats.flatMap((seat) => [seat as number, 1]);
    this.publish(changed, [...areas.keys()], this.note(hold, command.holdId, 'held'));
    return this.outcome(command.holdId, hold);
  }

  private block(quantity: number, but: readonly SeatIndex[]): SeatIndex[] | null {
    for (let start = 0; start + quantity <= this.statuses.length; start++) {
      const block = Array.from({ length: quantity }, (_, i) => (start + i) as SeatIndex);
      if (block.every((seat) => this.statuses[seat] === 0 && !but.includes(seat))) return block;
    }
    return null;
  }

  private withHold(holdId: HoldId, userId: UserId, change: (hold: Hold) => Answer): Answer {
    const hold = this.holds.get(holdId);
    return hold === undefined || hold.userId !== userId ? no('hold_not_found') : change(hold);
  }

  private getHold(holdId: HoldId): CallResult {
    const hold = this.holds.get(holdId);
    if (hold === undefined) {
      return { kind: 'answered', answer: no('hold_not_found'), replayed: false };
    }
    const { seats, areas, deadlineMs, totalMinor } = this.holdOutcome(holdId, hold);
    const view = { holdId, userId: hold.userId, status: 'held', seats, areas } as const;
    return { kind: 'found', view: { type: 'hold_view', ...view, totalMinor, deadlineMs } };
  }

  private free(
    seats: readonly SeatIndex[],
    areas: ReadonlyMap<number, number>,
    notes: HoldNote[],
  ): void {
    for (const seat of seats) this.statuses[seat] = 0;
    for (const [area, quantity] of areas) this.areaHeld[area] -= quantity;
    this.publish(
      seats.flatMap((seat) => [seat as number, 0]),
      [...areas.keys()],
      notes,
    );
  }

  private note(hold: Hold, holdId: HoldId, what: HoldNote['what']): HoldNote[] {
    return [{ userId: hold.userId, holdId, what, deadlineMs: hold.deadlineMs }];
  }

  private publish(seats: readonly number[], areas: readonly number[], notes: HoldNote[]): void {
    const from = this.version as Version;
    this.version += 1;
    const diff: SeatDiff = {
      eventId: this.eventId,
      epoch: this.epoch,
      from,
      to: this.version as Version,
      seats,
      areas: areas.flatMap((area) => [area, this.areaHeld[area], 0, 0]),
      notes,
    };
    if (!this.loseDiffs) this.bus.publish(subjects.diffs(this.eventId), encodeDiff(diff));
  }

  private seatMap(): CallResult {
    const { epoch, saleStatus } = this;
    const areas = this.areaHeld.map((held) => ({ held, booked: 0, blocked: 0 }));
    const version = this.version as Version;
    const statuses = this.statuses.slice();
    return {
      kind: 'found',
      view: { type: 'seat_map', epoch, version, saleStatus, statuses, areas },
    };
  }

  private describe(): CallResult {
    const { epoch, saleStatus } = this;
    const version = this.version as Version;
    const counts = { holds: 0, free: 0, held: 0, booked: 0, blocked: 0, mailbox: 0, batchNo: 0 };
    const incarnation = 'fake';
    return {
      kind: 'found',
      view: { type: 'event_view', incarnation, epoch, version, saleStatus, ...counts },
    };
  }

  private holdOutcome(holdId: HoldId, hold: Hold): HoldOutcome {
    const areas = [...hold.areas].map(([area, quantity]) => ({
      area: area as AreaIndex,
      quantity,
    }));
    const places = hold.seats.length + areas.reduce((sum, { quantity }) => sum + quantity, 0);
    return {
      type: 'hold',
      holdId,
      seats: hold.seats,
      areas,
      totalMinor: (places * seatPrice) as MinorUnits,
      deadlineMs: hold.deadlineMs as TimeMs,
    };
  }

  private outcome(holdId: HoldId, hold: Hold): Answer {
    return { kind: 'accepted', outcome: this.holdOutcome(holdId, hold) };
  }
}

const no = (code: Refusal['code'], rest: Omit<Refusal, 'code'> = {}): Answer => ({
  kind: 'refused',
  refusal: { code, ...rest },
});
