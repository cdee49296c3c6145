import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Log } from '#libs/platform/log.js';
import type { Bus } from './bus.js';
import type { ReceivedCall } from './control-call.js';
import { ControlServer } from './control-server.js';

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
 * subjectOf('book'). A mere adapter: a ControlServer does the work. Nest's own NATS transport
 * subscribes anew for every request and knows neither no_responders nor a bound. For the control
 * plane: inventory commands go over the bus itself.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  private readonly server: ControlServer;

  constructor(private readonly options: BusStrategyOptions) {
    super();
    this.server = new ControlServer(options);
  }

  /** Listening means that the server knows: the next call, of whomever, finds a responder. */
  listen(callback: () => void): void {
    const { bus, queue, subjectOf } = this.options;
    for (const pattern of this.messageHandlers.keys()) {
      const handler = (body: unknown, call: ReceivedCall) => this.carryOut(pattern, body, call);
      this.server.serve(subjectOf(pattern), handler, queue);
    }
    // Without a connection the bus subscribes again when it has one.
    void bus
      .flush()
      .catch(() => undefined)
      .then(() => callback());
  }

  /** Takes no new calls. Those under way go on and are answered. */
  silence(): void {
    this.server.silence();
  }

  /** The same, and waits for those under way. */
  close(): Promise<void> {
    return this.server.close();
  }

  /** The bus reports its connection by itself: there are no further events. */
  on(): void {}

  unwrap<Broker>(): Broker {
    return this.options.bus as Broker;
  }

  /** Handlers that want it get the call as it came by `@Ctx()`. */
  private async carryOut(pattern: string, body: unknown, call: ReceivedCall): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern);
    if (handler === null) throw new Error(`no handler for ${pattern}`);
    const result: unknown = await handler(body, new BaseRpcContext([call]));
    return lastValueFrom(this.transformToObservable(result), { defaultValue: null });
  }
}
