import { setTimeout as pause } from 'node:timers/promises';

/** Each of these holds so many seats and lets them go again: twice as many changes. */
const seatsEach = 4;
const guests = 16;

/** Buyers who change `changesPerSecond` seats of an event, spread over the house, until stopped. */
export class ChangingSale {
  /** Seats that turned red or green, by what the API said. */
  changes = 0;
  #isOver = false;
  #loops: Promise<void>[] = [];

  constructor(
    private readonly url: string,
    private readonly eventId: string,
  ) {}

  async start(changesPerSecond: number): Promise<void> {
    const pauseMs = (1_000 * 2 * seatsEach * guests) / changesPerSecond;
    const seatIds = await this.#seatIds();
    const tokens = await Promise.all(
      Array.from({ length: guests }, async () => {
        const { token } = (await this.#post('/v1/sessions', {}, null)) as { token: string };
        return token;
      }),
    );
    this.#loops = tokens.map((token, at) => this.#run(token, seatIds, at, pauseMs));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #run(token: string, seatIds: readonly string[], turn: number, everyMs: number) {
    await pause((everyMs * turn) / guests);
    for (let round = 0; !this.#isOver; round += 1) {
      const startedMs = performance.now();
      // Far from those of the others and of the rounds before.
      const first = ((turn * 7_919 + round * 104_729) % (seatIds.length - 8)) & ~7;
      const seat_ids = seatIds.slice(first, first + seatsEach);
      const order = { event_id: this.eventId, seat_ids };
      const held = (await this.#post('/v1/reservations', order, token)) as {
        reservation_id?: string;
      };
      if (held.reservation_id !== undefined) {
        await this.#send('DELETE', `/v1/reservations/${held.reservation_id}`, null, token);
        this.changes += 2 * seatsEach;
      }
      await pause(Math.max(0, everyMs - (performance.now() - startedMs)));
    }
  }

  async #seatIds(): Promise<readonly string[]> {
    const event = (await this.#send('GET', `/v1/events/${this.eventId}`, null, null)) as {
      layout_hash: string;
    };
    const layout = (await this.#send('GET', `/v1/layouts/${event.layout_hash}`, null, null)) as {
      seats: { id: string[] };
    };
    return layout.seats.id;
  }

  #post(path: string, body: object, token: string | null): Promise<unknown> {
    return this.#send('POST', path, body, token);
  }

  async #send(
    method: string,
    path: string,
    body: object | null,
    token: string | null,
  ): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body === null ? null : JSON.stringify(body),
    });
    return answer.json();
  }
}
