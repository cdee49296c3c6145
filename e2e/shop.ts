import type { Pool } from 'pg';
import type { Page } from 'playwright-core';
import { OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import { sound } from '#libs/catalogue/checked.js';
import { demoEventFile, demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { demoEvents, type DemoEvent } from '#libs/catalogue/demo/events.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { limits } from '#libs/contracts/limits.js';
import type { Role } from '#libs/contracts/roles.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { changeRoom, newestRoom, openRoom } from '#libs/room/postgres-rooms.js';
import { createRoomKeys } from '#libs/room/signed.js';
import { until } from '#libs/testing/until.js';
import { WholeSystem } from '#libs/testing/whole-system.js';

/** A shop with the theatre's events of the demo. */
export class Shop {
  private constructor(private readonly system: WholeSystem) {}

  /** `events`: of the demo; default: all of the theatre's. */
  static async open(options: ShopOptions = {}): Promise<Shop> {
    const shop = new Shop(await WholeSystem.start(options.env));
    const nowMs = Date.now();
    const plan = demoPlan('theatre');
    await shop.#inDatabase(async (pool) => {
      for (const event of demoEvents.filter((one) => isWanted(one, options))) {
        const file = sound(checkEventFile(demoEventFile(event, nowMs)));
        await importEvent(pool, sound(prepareEvent(file, plan, nowMs)));
      }
    });
    return shop;
  }

  /** A waiting room that lets in one at a time, and draws when it is told to. */
  async openRoom(eventId: string): Promise<void> {
    const nowMs = Date.now();
    const drawsAtMs = nowMs + 600_000;
    const settings = {
      ...{ opensAtMs: nowMs, drawsAtMs, ratePerMinute: 60_000, activeMax: 1 },
      ...{ claimMs: 120_000, admissionMs: 600_000, partyMax: 4 },
    };
    await this.#inDatabase((pool) =>
      openRoom(pool, eventId as EventId, settings, createRoomKeys()),
    );
  }

  /** Its buyers may give bookings back for an hour, less so much of each place. */
  async allowCancelling(eventId: string, feeMinor: number): Promise<void> {
    const text = `UPDATE event SET cancel_until = now() + interval '1 hour', cancel_fee_minor = $2
                  WHERE event_id = $1`;
    await this.#inDatabase((pool) => pool.query(text, [eventId, feeMinor]));
  }

  /** One more evening of the theatre's first event, with a fee of each ticket and tax in it. */
  async withFees(eventId: string): Promise<void> {
    const nowMs = Date.now();
    const event = {
      ...demoEventFile(demoEvents[0], nowMs),
      ...{ id: eventId, name: 'The Farewell' },
      ...{ fees: { percent: '10', per_ticket: '1.50' }, tax: { percent: '20' } },
    };
    const prepared = prepareEvent(sound(checkEventFile(event)), demoPlan('theatre'), nowMs);
    await this.#inDatabase((pool) => importEvent(pool, sound(prepared)));
  }

  /** It does not take place; until the pages can know it. */
  async callOff(eventId: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.operator('finance')}` };
    const reason = { reason: 'The house has no power.' };
    await this.#post(`/v1/admin/events/${eventId}/cancel`, reason, headers, 202);
    const isKnown = async (): Promise<boolean> => {
      const answer = await fetch(`${this.url}/v1/events/${eventId}`);
      return ((await answer.json()) as { cancelled_at: string | null }).cancelled_at !== null;
    };
    await until(isKnown, 'its page says that it is cancelled');
  }

  async draw(eventId: string): Promise<void> {
    const text = 'UPDATE room SET draws_at = now() WHERE event_id = $1 AND closed_at IS NULL';
    await this.#inDatabase((pool) => pool.query(text, [eventId]));
  }

  async closeRoom(eventId: string): Promise<void> {
    await this.#inDatabase(async (pool) => {
      const close = async (): Promise<boolean> => {
        const room = await newestRoom(pool, eventId as EventId);
        return room !== null && changeRoom(pool, room, { closedAtMs: Date.now() });
      };
      // Its keeper changes it as well.
      await until(close, 'the room is closed');
    });
  }

  async #inDatabase(work: (pool: Pool) => Promise<unknown>): Promise<void> {
    const url = this.system.databaseUrl;
    const pool = openPool(url, { applicationName: 'shop', max: 2, answerWithinMs: 60_000 });
    try {
      await work(pool);
    } finally {
      await pool.end();
    }
  }

  /** A token of somebody with that role. */
  operator(role: Role): string {
    const operators = new OperatorTokens(this.system.tokenSecret);
    const operator = { name: `${role} of the house`, role, organiser: null };
    return operators.sign(operator, Date.now(), limits.operatorTokenTtlMs).token;
  }

  get url(): string {
    return this.system.url;
  }

  /** Somebody who holds `seats` seats of the event already: what his browser keeps of it. */
  async holding(page: Page, eventId: string, seats: number): Promise<string> {
    const session = await this.#post('/v1/sessions', {}, {});
    const order = { event_id: eventId, best_available: [{ quantity: seats }] };
    const headers = { authorization: `Bearer ${String(session.token)}` };
    const reservation = await this.#post('/v1/reservations', order, headers);
    const id = String(reservation.reservation_id);
    const kept = [
      ['holdfast.session', { token: session.token, expires_at: session.expires_at }],
      ['holdfast.holds', { [eventId]: id }],
    ] as const;
    // Once, not at each page: what the pages make of it later is theirs.
    await page.goto('/nowhere');
    const keep = kept.map(
      ([name, value]) => `localStorage.setItem('${name}', ${quoted(quoted(value))})`,
    );
    await page.evaluate(keep.join(';'));
    return id;
  }

  /** Both browsers are one guest's: nothing is kept in either but who he is. */
  async samePerson(...pages: readonly Page[]): Promise<void> {
    const { token, expires_at } = await this.#post('/v1/sessions', {}, {});
    const session = quoted(quoted({ token, expires_at }));
    for (const page of pages) {
      await page.goto('/nowhere');
      await page.evaluate(`localStorage.setItem('holdfast.session', ${session})`);
    }
  }

  async #post(path: string, body: object, headers: Record<string, string>, status = 201) {
    const answer = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (answer.status !== status)
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  }

  close(): Promise<void> {
    return this.system.stop();
  }
}

interface ShopOptions {
  readonly events?: readonly string[];
  /** Of its processes. */
  readonly env?: Readonly<Record<string, string>>;
}

const isWanted = (event: DemoEvent, { events }: ShopOptions): boolean =>
  event.plan === 'theatre' && (events?.includes(String(event.file.id)) ?? true);

const quoted = (value: unknown): string => JSON.stringify(value);
