import type { EventBook } from '#apps/gateway/events/event-book.js';
import type { Exchange } from '#apps/gateway/http/exchange.js';
import { AdmissionTokens } from '#apps/gateway/room/admission-tokens.js';
import { JoinDesk } from '#apps/gateway/room/join-desk.js';
import { RoomBook } from '#apps/gateway/room/room-book.js';
import { partyOf } from '#apps/gateway/room/room-guard.js';
import { queueHandlers } from '#apps/gateway/routes/queue/handlers.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Ground } from '../ground/ground.js';
import { SimProcess } from '../ground/sim-process.js';
import { WayToRooms } from './faulty-rooms.js';

export type QueueOperation = keyof ReturnType<typeof queueHandlers>;

/** What came back over HTTP; null: the line broke, or nobody answered. */
export type HttpAnswer =
  | { readonly kind: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly code: string }
  | null;

const silenceMs = 5_000;

/** A gateway without its sockets: handlers, book, desk, tokens and guard are production code. */
export class RoomGateway {
  readonly process: SimProcess;
  readonly way: WayToRooms;
  private readonly book: RoomBook;
  private readonly tokens = new AdmissionTokens(['a secret of all gateways']);
  private readonly handlers: ReturnType<typeof queueHandlers>;

  constructor(
    name: string,
    private readonly ground: Ground,
    tables: RoomStore,
  ) {
    this.process = new SimProcess(name, ground.clock);
    const { clock } = this.process;
    const log = ground.logOf(name);
    this.way = new WayToRooms(tables, ground, this.process);
    const roomStore = this.way.store;
    this.book = new RoomBook({ roomStore, clock, log });
    this.handlers = queueHandlers({
      events: { get: () => Promise.resolve(ground.events[0].entry) } as unknown as EventBook,
      ...{ rooms: this.book, roomStore, admissionTokens: this.tokens, clock, log },
      joinDesk: new JoinDesk(roomStore, clock),
      turns: { admitted: { value: 0 }, lapsed: { value: 0 }, over: { value: 0 } },
    });
    void this.book.begin();
  }

  queue(operation: QueueOperation, userId: UserId, more: object = {}): Promise<HttpAnswer> {
    return this.line((answer) => {
      const exchange = {
        ...{ params: [this.ground.events[0].eventId], query: {}, body: {} },
        ...{ caller: { userId, verified: false }, trace: userId, ...more },
        json: (_status: number, body: string) =>
          answer({ kind: 'ok', body: JSON.parse(body) as Record<string, unknown> }),
        error: (code: string) => answer({ kind: 'refused', code }),
      } as unknown as Exchange;
      const handler = this.handlers[operation];
      if (typeof handler === 'function') void handler(exchange);
    });
  }

  /** `take`: what the event's owner does with a hold that came through. */
  hold(
    userId: UserId,
    places: number,
    admission: string,
    take: () => HttpAnswer,
  ): Promise<HttpAnswer> {
    const { book: rooms, tokens: admissionTokens } = this;
    return this.line((answer) => {
      const { clock } = this.process;
      const parts = { rooms, admissionTokens, clock };
      const party = partyOf(parts, this.ground.events[0].eventId, userId, places, admission);
      answer(typeof party === 'number' ? take() : { kind: 'refused', code: party.code });
    });
  }

  /** There and back: each way takes its time, and may lose what is on it. */
  private line(ask: (answer: (answer: HttpAnswer) => void) => void): Promise<HttpAnswer> {
    const { ground, process } = this;
    const { clock, weather } = ground;
    if (process.dead) return ground.sleep(1).then(() => null);
    return new Promise((resolve) => {
      process.onDeath(() => resolve(null));
      clock.after(silenceMs, () => resolve(null));
      const back = (answer: HttpAnswer): void => {
        if (weather.strikes('loss')) return;
        clock.after(weather.between(0.2, 5), () => resolve(answer));
      };
      if (weather.strikes('loss')) return;
      clock.after(weather.between(0.2, 5), () => process.arrive(() => ask(back)));
    });
  }
}
