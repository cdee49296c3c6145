import type { Clock } from '#libs/platform/clock.js';
import type { Random } from '#libs/platform/random.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Bus, BusMessage, BusReply } from './bus.js';

/**
 * Request and answer over one wildcard subscription: a request costs no subscription of its own.
 * Answers find their request by the last token of the subject; one that comes after its timeout
 * finds nothing and is dropped.
 */
export class RequestInbox {
  private readonly prefix: string;
  private readonly waiting = new Map<string, (reply: BusReply) => void>();
  private last = 0;
  private subscribed = false;

  constructor(
    private readonly bus: Pick<Bus, 'role' | 'publish' | 'subscribe'>,
    private readonly clock: Clock,
    random: Random,
  ) {
    this.prefix = subjects.inbox(bus.role, random.token(16));
  }

  request(subject: string, payload: Uint8Array, timeoutMs: number): Promise<BusReply> {
    if (this.waiting.size >= limits.busRequestsMax) return Promise.resolve({ kind: 'not_sent' });
    this.subscribe();
    const token = String(++this.last);
    if (!this.bus.publish(subject, payload, `${this.prefix}.${token}`)) {
      return Promise.resolve({ kind: 'not_sent' });
    }
    return new Promise((resolve) => {
      const cancel = this.clock.after(timeoutMs, () => this.settle(token, { kind: 'timeout' }));
      this.waiting.set(token, (reply) => {
        cancel();
        resolve(reply);
      });
    });
  }

  /** The bus is closing: what became of the requests under way is unknown. */
  close(): void {
    for (const token of [...this.waiting.keys()]) this.settle(token, { kind: 'timeout' });
  }

  private subscribe(): void {
    if (this.subscribed) return;
    this.bus.subscribe(`${this.prefix}.*`, (message) => this.onAnswer(message));
    this.subscribed = true;
  }

  private onAnswer(message: BusMessage): void {
    const token = message.subject.slice(this.prefix.length + 1);
    this.settle(
      token,
      message.noResponders
        ? { kind: 'no_responders' }
        : { kind: 'reply', payload: message.payload },
    );
  }

  private settle(token: string, reply: BusReply): void {
    const done = this.waiting.get(token);
    this.waiting.delete(token);
    done?.(reply);
  }
}
