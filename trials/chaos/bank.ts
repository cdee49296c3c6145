import { setTimeout as pause } from 'node:timers/promises';
import { decideDispute, everyDispute } from '#apps/payments/testing/simulator-control.js';
import type { Seeded } from './seeded.js';

const turnMs = 1_500;

/** What each of them is told, by how it stands; a bank that lost may decide anew, once. */
const evidenceFor: Readonly<Record<string, readonly string[]>> = {
  warning_needs_response: ['escalate_inquiry_evidence', 'losing_evidence'],
  needs_response: ['winning_evidence', 'losing_evidence'],
  lost: ['winning_evidence'],
};

/**
 * Buyers' banks while everything breaks: they decide about what is disputed, one after the other,
 * and now and then turn round. What is left open at the end is left open: the books know that too.
 */
export class Bank {
  readonly #turnedRound = new Set<string>();
  #stopped = false;
  #work = Promise.resolve();

  constructor(
    private readonly stripeUrl: string,
    private readonly random: Seeded,
  ) {}

  start(): void {
    this.#work = this.#decide();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  async #decide(): Promise<void> {
    while (!this.#stopped) {
      // The provider may be what is broken just now.
      await this.#decideOne().catch(() => undefined);
      await pause(turnMs);
    }
  }

  async #decideOne(): Promise<void> {
    const disputes = await everyDispute(this.stripeUrl);
    const due = disputes.filter(
      ({ id, status }) => evidenceFor[status] !== undefined && !this.#turnedRound.has(id),
    );
    if (due.length === 0) return;
    const { id, status } = this.random.pick(due);
    if (status === 'lost') {
      this.#turnedRound.add(id);
      if (this.random.fraction() < 0.5) return;
    }
    const evidence = this.random.pick(evidenceFor[status]);
    await decideDispute(this.stripeUrl, evidence, id);
  }
}
