import type { Bus } from '#libs/bus/bus.js';
import { controlCall } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import type { PaceReply } from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Clock } from '#libs/platform/clock.js';

/**
 * How long the payment provider takes, as one of the payments processes said last. Of one that
 * does not answer, or is of a release before, nothing is known.
 */
export class PaymentsPace {
  ms: number | null = null;
  private askedAtMs = -Infinity;

  constructor(
    private readonly bus: Bus,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  async ask(): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.askedAtMs < limits.roomPaymentsAskMs) return;
    this.askedAtMs = nowMs;
    const subject = subjects.payments('pace');
    const reply = await controlCall<PaceReply>(this.bus, subject, null, limits.roomPaymentsAskMs);
    this.ms = reply.kind === 'ok' ? reply.body.providerMs : null;
  }
}
