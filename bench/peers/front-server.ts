import uWS from 'uWebSockets.js';
import { readBody } from '../read-body.js';
import { Batcher } from './batcher.js';
import type { StoreSpec } from './peers.js';
import type { Hold, HoldStore, Setting } from './hold-store.js';
import { openStore, type Servers } from './open-store.js';

/**
 * The front that all peers share, a process of its own: the bare server with a decision in it. The
 * answer to an accepted hold has as many bytes as Holdfast's.
 */
export interface FrontOrder {
  readonly spec: StoreSpec;
  readonly setting: Setting;
  readonly servers: Servers;
  readonly answer: string;
}

/** What a front is asked over IPC, one at a time, and says: `held` with its number. */
export type FrontQuestion =
  | { readonly ask: 'add'; readonly event: number; readonly seats: number }
  | { readonly ask: 'held'; readonly event: number };

export interface FrontAnswer {
  readonly number?: number;
  readonly failure?: string;
}

const order = JSON.parse(process.argv[2]) as FrontOrder;
const app = uWS.App();
const store = await openStore(order.spec, order.setting, order.servers, (event, diff) => {
  app.publish(event, diff);
});
const hold = holderOf(store);
const buyers = new Map<string, number>();
let requests = 0;
let firstFailure = '';

function holderOf(opened: HoldStore): (hold: Hold) => Promise<boolean> | boolean {
  if (opened.kind === 'single') return (wanted) => opened.hold(wanted);
  const batcher = new Batcher(opened, order.setting.width);
  return (wanted) => batcher.hold(wanted);
}

/** Whoever has the token. It is not checked, and the same buyer has the same number. */
function buyerOf(authorization: string): number {
  const known = buyers.get(authorization);
  if (known !== undefined) return known;
  buyers.set(authorization, buyers.size + 1);
  return buyers.size;
}

/** `evt_7` and `s000123`, as integers. */
function wanted(text: string, buyer: number): Hold {
  const body = JSON.parse(text) as { event_id: string; seat_ids: [string] };
  return {
    event: Number(body.event_id.slice(body.event_id.lastIndexOf('_') + 1)),
    seat: Number(body.seat_ids[0].slice(1)),
    buyer,
    command: `${process.pid}.${(requests++).toString(36)}`,
  };
}

app.ws('/v1/events/:event/live', {
  open: (socket) => void socket.subscribe('diff1'),
});
app.post('/v1/reservations', (response, request) => {
  const buyer = buyerOf(request.getHeader('authorization'));
  let gone = false;
  response.onAborted(() => (gone = true));
  const say = (status: string, body: string) => {
    if (gone) return;
    response.cork(() => {
      response.writeStatus(status);
      response.writeHeader('content-type', 'application/json');
      response.end(body);
    });
  };
  const settle = (held: boolean) =>
    held ? say('201 Created', order.answer) : say('409 Conflict', '{"error":{"code":"taken"}}');
  const fail = (error: unknown) => {
    if (firstFailure === '') {
      firstFailure = String(error);
      console.error(`${JSON.stringify(order.spec)}: ${firstFailure}`);
    }
    say('503 Service Unavailable', '{"error":{"code":"failed"}}');
  };
  readBody(response, (text) => {
    try {
      const answer = hold(wanted(text, buyer));
      if (typeof answer === 'boolean') settle(answer);
      else answer.then(settle, fail);
    } catch (error) {
      fail(error);
    }
  });
});

async function answerTo(question: FrontQuestion): Promise<FrontAnswer> {
  try {
    if (question.ask === 'held') return { number: await store.held(question.event) };
    await store.addEvent(question.event, question.seats);
    return {};
  } catch (error) {
    return { failure: String(error) };
  }
}

process.on('message', (question: FrontQuestion) => {
  void answerTo(question).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => {
  void store.stop().finally(() => process.exit(0));
});
app.listen('127.0.0.1', 0, (socket) => {
  if (socket === false) throw new Error('front: no port');
  process.send?.({ number: uWS.us_socket_local_port(socket) } satisfies FrontAnswer);
});
