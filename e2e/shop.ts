import { loadDemoCatalogue } from '#libs/catalogue/demo/demo-catalogue.js';
import { openPool } from '#libs/database/pool.js';
import { WholeSystem } from '#libs/testing/whole-system.js';

/** A shop with the demo events, and what a test arranges in it without a browser. */
export class Shop {
  private constructor(private readonly system: WholeSystem) {}

  static async open(): Promise<Shop> {
    const system = await WholeSystem.start();
    const url = system.databaseUrl;
    const pool = openPool(url, { applicationName: 'shop', max: 2, answerWithinMs: 60_000 });
    await loadDemoCatalogue(pool).finally(() => pool.end());
    return new Shop(system);
  }

  get url(): string {
    return this.system.url;
  }

  /** Somebody else takes these seats; the answer's status. */
  async take(eventId: string, seatIds: readonly string[]): Promise<number> {
    const { token } = (await this.#post('/v1/sessions', {})).body as { token: string };
    const order = { event_id: eventId, seat_ids: seatIds };
    return (await this.#post('/v1/reservations', order, token)).status;
  }

  close(): Promise<void> {
    return this.system.stop();
  }

  async #post(at: string, body: object, token?: string) {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const method = 'POST';
    const answer = await fetch(this.url + at, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as unknown };
  }
}
