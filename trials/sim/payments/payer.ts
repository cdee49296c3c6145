import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import type { HoldId, UserId } from '#libs/inventory/inventory.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Ground } from '../ground/ground.js';
import { oddCards, type Bank } from './bank.js';
import type { Heard } from './sim-payments-process.js';

/** What one buyer was told under one key. */
export interface Told {
  readonly call: BookCall;
  readonly reply: BookReply;
}

/** Where a buyer pays: some payments process, and the record of what it said. */
export interface Till {
  readonly told: Told[];
  readonly bank: Pick<Bank, 'answer' | 'payAgain'>;
  book(call: BookCall, random: SeededRandom): Promise<Heard>;
}

/** A buyer answers his bank at once, or after longer than a hold waits. */
const thinkMsMax = 20_000;
const triesMax = 4;
const cardsMax = 3;
const waitMsMax = 8_000;
/** A buyer's own patience, beyond the wait that was asked for. */
const patienceMs = 3_000;

/**
 * A buyer at the till: one key until there is an answer, another card after a decline. Some send
 * twice, some start over under another key while the first is still at work, some change the card
 * under a key that is used, some go away.
 */
export class Payer {
  private made = 0;

  constructor(
    private readonly userId: UserId,
    private readonly random: SeededRandom,
    private readonly till: Till,
    private readonly ground: Ground,
  ) {}

  async pay(holdId: HoldId): Promise<void> {
    const { random, ground } = this;
    for (let cards = 0; cards < cardsMax; cards += 1) {
      const call = this.callFor(holdId);
      const rival = random.chance(0.1) ? this.insist(this.callFor(holdId)) : null;
      const [reply] = await Promise.all([this.insist(call), rival]);
      if (reply?.kind !== 'declined' || random.chance(0.3)) return;
      await ground.sleep(random.between(0, 500));
    }
  }

  private callFor(holdId: HoldId): BookCall {
    const { random, userId } = this;
    this.made += 1;
    const kind = random.fraction();
    const odd = kind < 0.15 ? oddCards.asks : kind < 0.2 ? oddCards.unknown : null;
    return {
      userId,
      holdId,
      paymentToken: odd ?? 'pm_card_visa',
      idempotencyKey: `${userId}-${this.made}`,
      waitMs: random.between(0, waitMsMax),
    };
  }

  /** The same again until it is final, or the buyer has had enough. */
  private async insist(call: BookCall): Promise<Heard> {
    const { random, ground } = this;
    let last: Heard = null;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const sent = [this.send(call)];
      if (random.chance(0.15)) sent.push(this.send(call));
      if (random.chance(0.05)) sent.push(this.send({ ...call, paymentToken: 'pm_other' }));
      const late = ground.sleep(call.waitMs + patienceMs).then(() => null);
      last = await Promise.race([Promise.all(sent).then(([first]) => first), late]);
      if (last !== null && isFinal(last)) return last;
      if (last?.kind === 'pending' && last.booking.action !== undefined) {
        await this.authenticate(last.booking.action.clientSecret);
      }
      if (random.chance(0.15)) return last;
      await ground.sleep(random.between(0, 1_000));
    }
    return last;
  }

  /** Yes, no, or no answer at all; and then some try what else can be done with the secret. */
  private async authenticate(clientSecret: string): Promise<void> {
    const { random, ground, till, userId } = this;
    if (random.chance(0.2)) return;
    await ground.sleep(random.between(0, random.chance(0.8) ? 1_000 : thinkMsMax));
    const yes = random.chance(0.7);
    ground.trace.note(userId, `says ${yes ? 'yes' : 'no'} to the bank of ${clientSecret}`);
    till.bank.answer(clientSecret, yes);
    if (random.chance(0.3)) return;
    const payAgain = (): void => till.bank.payAgain(clientSecret);
    ground.clock.after(random.between(0, thinkMsMax), payAgain);
  }

  private async send(call: BookCall): Promise<Heard> {
    const heard = await this.till.book(call, this.random);
    if (heard !== null) this.till.told.push({ call, reply: heard });
    const said = heard?.kind ?? 'nothing';
    this.ground.trace.note(this.userId, `pays ${call.holdId} as ${call.idempotencyKey}: ${said}`);
    return heard;
  }
}

function isFinal({ kind }: BookReply): boolean {
  return kind !== 'pending' && kind !== 'unavailable' && kind !== 'payment_in_progress';
}
