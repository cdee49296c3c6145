import { setTimeout as pause } from 'node:timers/promises';

const decideEveryMs = 1_000;
/** Of one dispute, whatever answers it got before. */
const triesMax = 60;

interface DisputeAtStripe {
  readonly id: string;
  readonly status: string;
}

/**
 * Whoever answers for the house when buyers' banks take money back: the evidence of every other
 * dispute wins. Inquiries stay inquiries.
 */
export class DisputeDesk {
  readonly decided = new Map<string, 'winning' | 'losing'>();

  constructor(private readonly stripeUrl: string) {}

  /** Until `stop`, and then until each dispute that was made is decided. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#decideAll().catch(() => undefined);
      await pause(decideEveryMs, undefined, { signal: stop }).catch(() => undefined);
    }
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const open = await this.#decideAll().catch(() => 1);
      if (open === 0) return;
      await pause(decideEveryMs);
    }
    throw new Error('the provider takes no evidence');
  }

  /** How many were open. */
  async #decideAll(): Promise<number> {
    const open = (await this.#all()).filter(({ status }) => status === 'needs_response');
    for (const { id } of open) {
      const evidence = this.decided.get(id) ?? (this.decided.size % 2 === 0 ? 'winning' : 'losing');
      this.decided.set(id, evidence);
      await this.#ask(`/${id}`, `evidence[uncategorized_text]=${evidence}_evidence`);
    }
    return open.length;
  }

  async #all(): Promise<DisputeAtStripe[]> {
    const all: DisputeAtStripe[] = [];
    for (;;) {
      const last = all.at(-1);
      const after = last === undefined ? '' : `&starting_after=${last.id}`;
      const { data, has_more: more } = (await this.#ask(`?limit=100${after}`)) as {
        data: DisputeAtStripe[];
        has_more: boolean;
      };
      all.push(...data);
      if (!more) return all;
    }
  }

  async #ask(path: string, form?: string): Promise<unknown> {
    const answer = await fetch(`${this.stripeUrl}/v1/disputes${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { authorization: 'Bearer sk_test_desk' },
      ...(form === undefined ? {} : { body: form }),
    });
    if (answer.status !== 200) throw new Error(`disputes: ${answer.status}`);
    return answer.json();
  }
}
