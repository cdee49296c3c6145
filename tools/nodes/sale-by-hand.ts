import WebSocket from 'ws';
import { until } from '#libs/testing/until.js';

/**
 * What a person does with curl, by nothing but fetch and a plain WebSocket: every step of a sale,
 * each "no" in between, and the live map beside it. Throws at the first answer that is wrong.
 */
export async function sellByHand(url: string): Promise<void> {
  const found = await ask(url, 'GET', '/v1/events?keyword=hamlt');
  const event = String((found.json as unknown as Json[])[0].event_id);
  const [buyer, other] = [await session(url), await session(url)];
  const watched = watch(url, event);
  const streamed = stream(url, event);
  try {
    await until(() => watched.frames.length > 0, 'the first frame of the live map came');
    await until(() => streamed.text.includes('"snapshot"'), 'the first event of the stream came');
    const party = { event_id: event, best_available: [{ quantity: 2 }] };
    const held = await ask(url, 'POST', '/v1/reservations', buyer, party);
    expectStatus('a hold', held, 201);
    const seats = held.json.seat_ids as string[];
    const again = await ask(url, 'POST', '/v1/reservations', other, {
      event_id: event,
      seat_ids: seats,
    });
    expectStatus('the same seats for another', again, 409);
    await payFor(url, buyer, String(held.json.reservation_id));
    await until(() => watched.letters.includes('b'), 'the map shows the booking', 10_000);
    await until(() => streamed.text.includes('"diff"'), 'the stream shows a change', 10_000);
  } finally {
    watched.close();
    streamed.close();
  }
}

async function payFor(url: string, buyer: string, reservation: string): Promise<void> {
  const pay = (card: string, key: string): Promise<Answer> =>
    ask(url, 'POST', '/v1/bookings', buyer, {
      reservation_id: reservation,
      payment_token: card,
      idempotency_key: key,
    });
  expectStatus('a declined card', await pay('pm_card_chargeDeclined', 'first'), 402);
  const booked = await pay('pm_card_visa', 'second');
  expectStatus('a booking', booked, 201);
  const repeated = await pay('pm_card_visa', 'second');
  if (repeated.json.booking_id !== booked.json.booking_id) {
    throw new Error('the same key again gave another booking');
  }
}

type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly json: Json;
}

const answerMsMax = 15_000;

async function ask(
  url: string,
  method: string,
  path: string,
  token?: string,
  body?: Json,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    signal: AbortSignal.timeout(answerMsMax),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Json };
}

async function session(url: string): Promise<string> {
  const opened = await ask(url, 'POST', '/v1/sessions');
  expectStatus('a session', opened, 201);
  return String(opened.json.token);
}

function expectStatus(what: string, { status, json }: Answer, wanted: number): void {
  if (status === wanted) return;
  throw new Error(`${what} was answered ${status}, not ${wanted}: ${JSON.stringify(json)}`);
}

interface Watched {
  readonly frames: Json[];
  /** Of every change, one after the other. */
  letters: string;
  close(): void;
}

function watch(url: string, event: string): Watched {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events/${event}/live`);
  const watched: Watched = { frames: [], letters: '', close: () => socket.terminate() };
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Json;
    watched.frames.push(frame);
    if (frame.type !== 'diff') return;
    for (const [, letter] of frame.changes as [number, string][]) watched.letters += letter;
  });
  return watched;
}

interface Streamed {
  text: string;
  close(): void;
}

function stream(url: string, event: string): Streamed {
  const abort = new AbortController();
  const streamed: Streamed = { text: '', close: () => abort.abort() };
  const read = async (): Promise<void> => {
    const headers = { accept: 'text/event-stream' };
    const response = await fetch(`${url}/v1/events/${event}/live`, {
      headers,
      signal: abort.signal,
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      streamed.text += decoder.decode(chunk, { stream: true });
    }
  };
  read().catch(() => undefined);
  return streamed;
}
