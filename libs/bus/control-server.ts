import { limits } from '#libs/contracts/limits.js';
import type { Log } from '#libs/platform/log.js';
import type { Bus, BusHandler, BusMessage, BusSubscription } from './bus.js';
import {
  encodeAnswer,
  encodeFailure,
  encodeOverloaded,
  readCall,
  type ReceivedCall,
} from './control-call.js';

/**
 * Carries out one kind of call; what it returns, or resolves to, is the answer. Bodies come from
 * our own processes and are checked by the handler as far as safety needs. What came with the body
 * is in the second argument.
 */
export type ControlHandler = (body: never, call: ReceivedCall) => unknown;

/** Handlers by the last token of the subject. */
export type ControlHandlers = Readonly<Record<string, ControlHandler>>;

export interface ControlServerOptions {
  readonly bus: Bus;
  readonly log: Log;
  /** Calls of all subjects that may run at the same time. */
  readonly callsAtOnceMax?: number;
}

/**
 * The answering side of controlCall(), for every process: shards, gateways, and payments through
 * Nest. It knows subjects, bytes and bounds, and nothing of what is asked.
 *
 * CS1  Every call that arrives while it serves is answered: by its handler, or by an error when
 *      the call cannot be read, has no handler, or the handler throws. Nothing leaves as an
 *      exception into the bus, and one call costs no other.
 * CS2  At most `callsAtOnceMax` calls run; the next is refused at once, never ran, and hears so and
 *      when to come again (G8).
 * CS3  After silence() no call begins. close() resolves when those that had begun are answered.
 */
export class ControlServer {
  private readonly subscriptions: BusSubscription[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: ControlServerOptions) {}

  /** Members of a queue share the calls; without one each of them gets every call. */
  serve(subject: string, handler: ControlHandler, queue?: string): void {
    this.listen(subject, queue, (message) => this.accept(message, handler));
  }

  /** All subjects that match `pattern`, which ends in `.*`; the last token names the handler. */
  serveAll(pattern: string, handlers: ControlHandlers): void {
    this.listen(pattern, undefined, (message) => {
      const name = message.subject.slice(pattern.length - 1);
      this.accept(message, Object.hasOwn(handlers, name) ? handlers[name] : null);
    });
  }

  /** Takes no new calls. Those under way go on and are answered. */
  silence(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
  }

  /** The same, and waits for those under way. */
  async close(): Promise<void> {
    this.silence();
    await Promise.all(this.running);
  }

  private listen(subject: string, queue: string | undefined, handler: BusHandler): void {
    const options = queue === undefined ? undefined : { queue };
    this.subscriptions.push(this.options.bus.subscribe(subject, handler, options));
  }

  private accept(message: BusMessage, handler: ControlHandler | null): void {
    if (message.noResponders) return;
    if (handler === null) {
      this.reply(message, encodeFailure(`unknown call ${message.subject}`));
      return;
    }
    if (this.running.size >= (this.options.callsAtOnceMax ?? limits.controlCallsAtOnceMax)) {
      this.reply(message, encodeOverloaded(limits.controlRetryMs));
      return;
    }
    const run = this.run(message, handler).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  private async run(message: BusMessage, handler: ControlHandler): Promise<void> {
    const call = readCall(message.payload);
    if (call === null) {
      this.reply(message, encodeFailure('the call is not readable'));
      return;
    }
    try {
      this.reply(message, encodeAnswer(await handler(call.body as never, call)));
    } catch (error) {
      const about = call.trace === undefined ? {} : { trace: call.trace };
      const details = { err: error, subject: message.subject, ...about };
      this.options.log.error(details, 'a control call failed');
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
