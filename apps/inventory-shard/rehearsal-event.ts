import type { RecoveryRequest, RecoverySource } from '#libs/actor/recovery.js';
import { snapshotDigest } from '#libs/actor/snapshot-digest.js';
import { decodeLayout, encodeLayout } from '#libs/catalogue/layout-codec.js';
import { makeBookingId, makeHoldId } from '#libs/contracts/ids.js';
import {
  createState,
  decide,
  encodeFacts,
  factLevelNewest,
  usualSender,
  encodeState,
  evolve,
  type AttemptId,
  type Command,
  type CommandId,
  type EventId,
  type Fact,
  type HoldId,
  type InventoryLayout,
  type MinorUnits,
  type SaleRules,
  type SeatIndex,
  type TimeMs,
  type UserId,
  usualRules,
} from '#libs/inventory/inventory.js';
import { batchHash, zeroHash } from '#libs/journal/batch-hash.js';
import type { StoredBatch, StoredSnapshot } from '#libs/journal/journal.js';
import type { Random } from '#libs/platform/random.js';

const eventId = 'evt_rehearsal0000000' as EventId;
const seatCount = 4_096;
const seatsPerRow = 32;
const holds = 2_048;
/** Holds that live at a time. */
const liveHolds = 256;
const buyers = 500;
/** Seats are held in steps of so many, which leaves half of them. */
const seatStep = 7;
const neverHeld = ((holds * seatStep) % seatCount) as SeatIndex;
/** Of so many holds one is paid, one paid and cancelled later, one sent under a buyer's key. */
const oneInPaid = 8;
const oneInCancelled = 32;
const oneInKeyed = 4;
const holdsPerBatch = 4;
/** So many are in one batch, as of a shard that is busy, once in so many. */
const holdsPerLargeBatch = 64;
const oneInLarge = 512;
/** The organiser takes a seat off sale and gives it back once in so many holds. */
const oneInBlocked = 64;
/** The rest is behind the snapshot. */
const holdsInSnapshot = (holds * 3) / 4;

/** An event that never was: a journal, and a snapshot of most of it, as a shard finds them. */
export interface RehearsalEvent {
  readonly request: RecoveryRequest;
  /** The same, with the plan read anew, as of the first event in a hall. */
  readonly requestAnew: () => RecoveryRequest;
  readonly snapshot: StoredSnapshot;
  readonly batches: readonly StoredBatch[];
  readonly version: number;
}

/**
 * Sold by the production decider, so that facts and ids have the shapes that real ones have, and
 * handed out as a shard finds them: Buffers as of the driver, the layout as of the catalogue, the
 * fields of a batch in the order in which the journal reads them, small batches and large ones,
 * facts of everybody. What is compiled for other shapes is thrown away when the first real event
 * comes, which is then read and folded in the interpreter. `breathe` is awaited between batches.
 */
export async function makeRehearsalEvent(
  random: Random,
  breathe: () => Promise<void>,
): Promise<RehearsalEvent> {
  const sale = new RehearsedSale(random);
  sale.append();
  let snapshot: StoredSnapshot | null = null;
  for (let n = 0; n < holds + liveHolds; n += 1) {
    if (n < holds) sale.hold(n);
    if (n > 0 && n % oneInPaid === 0 && n <= holds) sale.book(n - oneInPaid);
    if (n >= liveHolds) sale.end(n - liveHolds);
    if (n % oneInBlocked === 0) sale.block();
    if (n % holdsPerBatch !== 0) continue;
    await breathe();
    if (n % oneInLarge > oneInLarge - holdsPerLargeBatch) continue;
    sale.append();
    if (n < holdsInSnapshot || snapshot !== null) continue;
    snapshot = sale.snapshot();
    await breathe();
  }
  sale.append();
  const { request, batches, state } = sale;
  return {
    request,
    requestAnew: () => sale.requestAnew(),
    batches,
    version: state.version,
    snapshot: snapshot ?? sale.snapshot(),
  };
}

/** As recovery reads it; `breathe` is awaited between batches. */
export function sourceOf(
  { snapshot, batches }: RehearsalEvent,
  breathe: () => Promise<void>,
): RecoverySource {
  return {
    async *snapshots() {
      await breathe();
      yield snapshot;
    },
    async *read(_eventId, afterBatchNo) {
      await breathe();
      for (const batch of batches.slice(afterBatchNo)) {
        yield batch;
        await breathe();
      }
    },
  };
}

class RehearsedSale {
  private readonly hall = encodeLayout(plainHall(), new Uint8Array(32));
  readonly request = this.requestAnew();
  readonly state = createState(this.request.layout, rules);
  readonly batches: StoredBatch[] = [];
  private facts: Fact[] = [];
  private commands = 0;
  private nowMs = 1_800_000_000_000;
  private readonly holdIds: HoldId[] = [];
  private readonly attemptIds: AttemptId[] = [];
  private readonly client: string;

  constructor(private readonly random: Random) {
    this.client = `gateway-${random.token(8)}`;
    this.batches.push(this.batchOf(1, []));
    this.decide('usr_box' as UserId, { type: 'OpenSale' });
  }

  /** With a layout of bytes, as any in a shard. */
  requestAnew(): RecoveryRequest {
    return { eventId, layout: decodeLayout(this.hall, hallHash).layout, rules };
  }

  hold(n: number): void {
    const holdId = makeHoldId(eventId, this.random.token(20));
    this.holdIds[n] = holdId;
    const seats = [((n * seatStep) % seatCount) as SeatIndex];
    const [userId, keyed] = [userOf(n), n % oneInKeyed === 0];
    this.decide(userId, { type: 'HoldSeats', holdId, seats, areas: [], best: [] }, keyed);
    if (n % oneInPaid !== 0) return;
    const attemptId = `pay_${this.random.token(20)}` as AttemptId;
    this.attemptIds[n] = attemptId;
    this.decide(userId, { type: 'BeginPayment', holdId, attemptId });
  }

  /** Some holds are being paid for at any time. */
  book(n: number): void {
    const [holdId, attemptId] = [this.holdIds[n], this.attemptIds[n]];
    const bookingId = bookingOf(holdId);
    this.decide(userOf(n), { type: 'BookHold', holdId, attemptId, bookingId });
  }

  end(n: number): void {
    const holdId = this.holdIds[n];
    const isPaid = n % oneInPaid === 0;
    if (isPaid && n % oneInCancelled !== 0) return;
    const command: Command = isPaid
      ? { type: 'CancelBooking', bookingId: bookingOf(holdId) }
      : { type: 'ReleaseHold', holdId };
    this.decide(userOf(n), command);
  }

  block(): void {
    const seats = [neverHeld];
    this.decide('usr_box' as UserId, { type: 'BlockSeats', seats, areas: [], reason: 'camera' });
    this.decide('usr_box' as UserId, { type: 'UnblockSeats', seats, areas: [] });
  }

  append(): void {
    if (this.facts.length === 0) return;
    this.batches.push(this.batchOf(this.batches.length + 1, this.facts));
    this.facts = [];
  }

  snapshot(): StoredSnapshot {
    const { batchNo, epoch, lastSeq: seq, hash } = this.batches[this.batches.length - 1];
    const state = Buffer.from(encodeState(this.state));
    return { eventId, batchNo, epoch, seq, hash, digest: snapshotDigest(state), state };
  }

  private decide(userId: UserId, command: Command, keyed = false): void {
    this.commands += 1;
    const commandId = (
      keyed ? `${userId}/${this.random.token(24)}` : `${this.client}.${this.commands.toString(36)}`
    ) as CommandId;
    this.nowMs += 1;
    const nowMs = this.nowMs as TimeMs;
    const by = usualSender(command.type);
    const decision = decide(this.state, { commandId, keyed, userId, by, nowMs, command });
    if (decision.kind !== 'accepted') throw new Error(`rehearsal: ${command.type} was refused`);
    for (const fact of decision.facts) {
      evolve(this.state, fact);
      this.facts.push(fact);
    }
  }

  private batchOf(batchNo: number, facts: readonly Fact[]): StoredBatch {
    const previous = this.batches.at(-1);
    const lastSeq = previous?.lastSeq ?? 0;
    const prevHash = previous?.hash ?? Buffer.from(zeroHash);
    const batch = {
      eventId,
      batchNo,
      epoch: 1,
      firstSeq: lastSeq + 1,
      lastSeq: lastSeq + facts.length,
      prevHash,
      hash: prevHash,
      facts: Buffer.from(encodeFacts(facts, factLevelNewest)),
      writtenAtMs: this.nowMs,
    };
    batch.hash = Buffer.from(batchHash(prevHash, batch));
    return batch;
  }
}

const userOf = (n: number): UserId => `usr_rehearsal${String(n % buyers)}` as UserId;

const bookingOf = (holdId: HoldId) => makeBookingId(eventId, holdId.slice(-20));

const hallHash = 'ab'.repeat(32);

const rules: SaleRules = {
  prices: [5_000 as MinorUnits],
  currency: 'EUR',
  opensAtMs: null,
  endsAtMs: null,
  buyers: 'guest',
  holdTtlMs: 600_000,
  holdTtlMsMax: 1_200_000,
  paymentTtlMs: 300_000,
  placesPerHoldMax: 10,
  placesPerBuyerMax: 10,
  strandedSingles: 'allow',
  ...usualRules,
};

function plainHall(): InventoryLayout {
  const rowCount = seatCount / seatsPerRow;
  const rowOf = (seat: number): number => Math.floor(seat / seatsPerRow);
  const perSeat = Array.from({ length: seatCount }, (_, seat) => seat);
  return {
    hash: hallHash,
    seatCount,
    rowCount,
    rowStart: Uint32Array.from({ length: rowCount + 1 }, (_, row) => row * seatsPerRow),
    rowOfSeat: Uint32Array.from(perSeat, rowOf),
    neighbourNext: Uint8Array.from(perSeat, (seat) => ((seat + 1) % seatsPerRow === 0 ? 0 : 1)),
    categoryOfSeat: new Uint16Array(seatCount),
    sectionOfRow: new Uint16Array(rowCount),
    flagsOfSeat: new Uint8Array(seatCount),
    x: Float32Array.from(perSeat, (seat) => seat % seatsPerRow),
    y: Float32Array.from(perSeat, rowOf),
    focalX: seatsPerRow / 2,
    focalY: -1,
    categories: ['seat'],
    sections: ['hall'],
    areas: [],
  };
}
