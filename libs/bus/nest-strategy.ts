import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { limits } from '#libs/contracts/limits.js';
import type { Log } from '#libs/platform/log.js';
import type { Bus, BusMessage, BusSubscription } from './bus.js';
import { decodeBody, encodeAnswer, encodeFailure } from './control-call.js';

export interface BusStrategyOptions {
  readonly bus: Bus;
  readonly log: Log;
  /** Processes with the same queue share the calls. */
  readonly queue: string;
  /** Where calls for a pattern arrive, e.g. subjects.payments. */
  readonly subjectOf: (pattern: string) => string;
  /** Calls that may run at the same time; the next one is refused (G8). */
  readonly callsAtOnceMax?: number;
}

/**
 * Nest's message handlers on our bus: `@MessagePattern('book')` answers controlCall() on
 * subjectOf('book'). Nest's own NATS transport subscribes anew for every request and knows neither
 * no_responders nor a bound; this one has both from the bus. A handler that throws answers
 * `error`. For the control plane: inventory commands go over the bus itself.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  private readonly subscriptions: BusSubscription[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: BusStrategyOptions) {
    super();
  }

  /** Listening means that the server knows: the next call, of whomever, finds a responder. */
  listen(callback: () => void): void {
    const { bus, queue, subjectOf } = this.options;
    for (const pattern of this.messageHandlers.keys()) {
      this.subscriptions.push(
        bus.subscribe(subjectOf(pattern), (message) => this.accept(pattern, message), { queue }),
      );
    }
    // Without a connection the bus subscribes again when it has one.
    void bus
      .flush()
      .catch(() => undefined)
      .then(() => callback());
  }

  /** No new calls; those under way are waited for. */
  async close(): Promise<void> {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
    await Promise.all(this.running);
  }

  /** The bus reports its connection by itself: there are no further events. */
  on(): void {}

  unwrap<Broker>(): Broker {
    return this.options.bus as Broker;
  }

  private accept(pattern: string, message: BusMessage): void {
    if (message.noResponders) return;
    if (this.running.size >= (this.options.callsAtOnceMax ?? limits.controlCallsAtOnceMax)) {
      this.reply(message, encodeFailure('overloaded'));
      return;
    }
    const run = this.run(pattern, message).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  private async run(pattern: string, message: BusMessage): Promise<void> {
    try {
      const handler = this.getHandlerByPattern(pattern);
      if (handler === null) throw new Error(`no handler for ${pattern}`);
      const context = new BaseRpcContext([message.subject]);
      const result: unknown = await handler(decodeBody(message.payload), context);
      const stream = this.transformToObservable(result);
      const body = await lastValueFrom(stream, { defaultValue: null });
      this.reply(message, encodeAnswer(body));
    } catch (error) {
      this.options.log.error({ err: error, pattern }, 'a control call failed');
      this.reply(message, encodeFailure(messageOf(error)));
    }
  }

  private reply(message: BusMessage, payload: Uint8Array): void {
    if (message.replyTo === undefined) return;
    if (!this.options.bus.publish(message.replyTo, payload)) {
      this.options.log.warn({ subject: message.subject }, 'an answer could not be sent');
    }
  }
}

/** Nest turns an unexpected error into an object with a message. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return String(error);
}
