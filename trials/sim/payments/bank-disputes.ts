import { overStatuses } from '#apps/payments/disputes/dispute.js';
import type { DisputeResult, DisputesFound } from '#apps/payments/provider/provider.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Ground } from '../ground/ground.js';
import type { Bank, TakenBack } from './bank.js';

/** What a buyer's bank says against a payment. */
export interface BankDispute {
  readonly id: string;
  readonly intentId: string;
  readonly attemptId: string;
  readonly amountMinor: number;
  status: string;
  /** Out of the account now. */
  withdrawnMinor: number;
  /** Whatever became of it after that. */
  wasLost: boolean;
}

const decidedMsMax = 15_000;
const newsMsMax = 4_000;

/**
 * Buyers' banks: they ask, or take money back, and decide either way, some of them twice. What they
 * do is told late, several times, in any order; never is for who looks for it himself.
 */
export class BankDisputes implements TakenBack {
  readonly all: BankDispute[] = [];
  private readonly watchers: ((disputeId: string) => void)[] = [];
  /** What is still to come of each, news included. */
  private readonly coming = new Map<string, number>();

  constructor(
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

  /** Nothing will become of any by itself. */
  get isQuiet(): boolean {
    return this.coming.size === 0;
  }

  /** Its bank has paid the buyer, and will not decide anew. */
  isLost(intentId: string): boolean {
    return this.of(intentId).some(({ id, status }) => status === 'lost' && !this.coming.has(id));
  }

  /** Each news, as often and as late as it comes. */
  onNews(heard: (disputeId: string) => void): void {
    this.watchers.push(heard);
  }

  start(bank: Bank): void {
    const { ground, random } = this;
    const perMinute = ground.swarm.intensity.dispute;
    if (perMinute === 0) return;
    ground.clock.after(random.waitMs(perMinute), () => {
      if (ground.weather.calm) return;
      this.dispute(bank);
      this.start(bank);
    });
  }

  /** It has taken the money back, and has not decided. */
  isOpen(intentId: string): boolean {
    return this.of(intentId).some(({ status }) => status === 'needs_response');
  }

  /** Of a payment, out of the account now. */
  withdrawnOf(intentId: string): number {
    return this.of(intentId).reduce((sum, one) => sum + one.withdrawnMinor, 0);
  }

  ask(id: string): DisputeResult {
    const found = this.all.find((one) => one.id === id);
    if (found === undefined) return { kind: 'refused', code: 'resource_missing', fault: 'request' };
    return {
      kind: 'dispute',
      id,
      attemptId: found.attemptId,
      status: found.status,
      reason: 'fraudulent',
      amount: found.amountMinor,
      withdrawn: found.withdrawnMinor,
      dueAtMs: null,
    };
  }

  list(): DisputesFound {
    return { kind: 'found', ids: this.all.map(({ id }) => id) };
  }

  private of(intentId: string): BankDispute[] {
    return this.all.filter((one) => one.intentId === intentId);
  }

  private dispute(bank: Bank): void {
    const { random, ground } = this;
    const payable = [...bank.charges.values()].filter(
      ({ id, status }) => status === 'captured' && this.of(id).length === 0 && bank.leftOf(id) > 0,
    );
    if (payable.length === 0) return;
    ground.weather.count('dispute');
    const { id: intentId, request } = random.pick(payable);
    const made: BankDispute = {
      ...{ id: `du_${this.all.length + 1}`, intentId, amountMinor: bank.leftOf(intentId) },
      attemptId: request.metadata.attempt_id,
      ...{ status: 'warning_needs_response', withdrawnMinor: 0, wasLost: false },
    };
    this.all.push(made);
    if (random.chance(0.3)) this.later(made, () => this.afterInquiry(bank, made));
    else this.take(made);
    this.tell(made);
  }

  /** What was given back meanwhile has ended it. */
  private afterInquiry(bank: Bank, dispute: BankDispute): void {
    const isLeft = bank.leftOf(dispute.intentId) >= dispute.amountMinor;
    if (isLeft && this.random.chance(0.5)) this.take(dispute);
    else this.turn(dispute, 'warning_closed', 0);
  }

  private take(dispute: BankDispute): void {
    this.turn(dispute, 'needs_response', dispute.amountMinor);
    this.later(dispute, () => this.decide(dispute));
  }

  private decide(dispute: BankDispute): void {
    const { random } = this;
    const isWon = random.chance(0.5);
    this.turn(dispute, isWon ? 'won' : 'lost', isWon ? 0 : dispute.amountMinor);
    // Banks decide anew.
    if (isWon || random.chance(0.7)) return;
    this.later(dispute, () => this.turn(dispute, 'won', 0));
  }

  private turn(dispute: BankDispute, status: string, withdrawnMinor: number): void {
    dispute.status = status;
    dispute.withdrawnMinor = withdrawnMinor;
    dispute.wasLost ||= status === 'lost';
    this.ground.trace.note('bank', `${dispute.id} of ${dispute.intentId} is ${status}`);
    this.tell(dispute);
  }

  private tell(dispute: BankDispute): void {
    const { random } = this;
    // What is over is told until it is heard; of the rest, who looks now and then hears in time.
    const isOver = overStatuses.includes(dispute.status);
    const copies = isOver || random.chance(0.8) ? 1 + random.below(3) : 0;
    const tell = (): void => {
      for (const heard of this.watchers) heard(dispute.id);
    };
    for (let copy = 0; copy < copies; copy += 1) this.later(dispute, tell, newsMsMax);
  }

  private later({ id }: BankDispute, work: () => void, mostMs = decidedMsMax): void {
    const { coming, random, ground } = this;
    coming.set(id, (coming.get(id) ?? 0) + 1);
    ground.clock.after(random.between(100, mostMs), () => {
      const left = (coming.get(id) ?? 0) - 1;
      if (left > 0) coming.set(id, left);
      else coming.delete(id);
      work();
    });
  }
}
