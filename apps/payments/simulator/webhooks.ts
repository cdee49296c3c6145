import { createHmac } from 'node:crypto';

import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import type { EventObject } from './events.js';
import type { Store } from './store.js';

/** Where events are told, and how it is proved that they are Stripe's. */
export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** Types that it is subscribed to, as an endpoint's `enabled_events`; null: all. */
  readonly types: ReadonlySet<string> | null;
}

/** What goes wrong on the way, for tests. Delays of their own also change the order. */
export interface WebhookWeather {
  /** How often each event is told. */
  readonly copies: number;
  readonly delayMsMax: number;
  /** 0..1: told to nobody, ever. */
  readonly loss: number;
}

export const fairWeather: WebhookWeather = { copies: 1, delayMsMax: 0, loss: 0 };

const answerWithinMs = 10_000;
const atOnceMax = 16;
const triesMax = 60;
const retryMsMax = 30_000;
const copiesMax = 10;
const delayMsMost = 600_000;

/**
 * Events to whoever listens: signed, told until it says 2xx, again after a restart. Not in order,
 * at least once, as Stripe's. At most `atOnceMax` are under way.
 */
export class Webhooks {
  private readonly due = new Set<() => void>();
  private readonly queue: Telling[] = [];
  private underWay = 0;
  private stopping = false;
  private weather = fairWeather;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly log: Log,
    private readonly endpoint: WebhookEndpoint | null,
  ) {}

  /** Those that somebody is to be told of. */
  wanted(events: readonly EventObject[]): readonly EventObject[] {
    if (this.endpoint === null) return [];
    const { types } = this.endpoint;
    return types === null ? events : events.filter(({ type }) => types.has(type));
  }

  /** What the last process did not get told. */
  resume(): void {
    this.announce([...this.store.untold.values()]);
  }

  order(weather: WebhookWeather): void {
    this.weather = weather;
  }

  /** To be called when the events are on disk. */
  announce(events: readonly EventObject[]): void {
    for (const event of events) {
      if (this.random.fraction() < this.weather.loss) {
        this.done(event.id);
        continue;
      }
      for (let copy = 0; copy < this.weather.copies; copy += 1) {
        this.later({ event, tries: 0 }, this.random.fraction() * this.weather.delayMsMax);
      }
    }
  }

  stop(): void {
    this.stopping = true;
    for (const cancel of this.due) cancel();
  }

  private later(telling: Telling, delayMs: number): void {
    if (this.stopping) return;
    const cancel = this.clock.after(delayMs, () => {
      this.due.delete(cancel);
      this.queue.push(telling);
      this.drain();
    });
    this.due.add(cancel);
  }

  private drain(): void {
    while (this.underWay < atOnceMax && !this.stopping) {
      const next = this.queue.shift();
      if (next === undefined) return;
      this.underWay += 1;
      void this.tell(next).finally(() => {
        this.underWay -= 1;
        this.drain();
      });
    }
  }

  private async tell({ event, tries }: Telling): Promise<void> {
    const { endpoint } = this;
    if (endpoint === null) return;
    const status = await post(endpoint, event, Math.floor(this.clock.nowMs() / 1000));
    if (status >= 200 && status < 300) return this.done(event.id);
    if (tries + 1 >= triesMax) {
      this.log.error({ event: event.id, type: event.type, status }, 'a webhook is given up');
      return this.done(event.id);
    }
    const waitMs = Math.min(retryMsMax, 250 * 2 ** Math.min(tries, 10));
    this.later({ event, tries: tries + 1 }, waitMs * (0.5 + this.random.fraction() / 2));
  }

  private done(id: string): void {
    // Of a process that stops: the next one tells it once more.
    if (this.stopping || !this.store.untold.has(id)) return;
    this.store.commit({ told: [id] }).catch((error: unknown) => {
      this.log.error({ err: error, event: id }, 'that a webhook was told could not be kept');
    });
  }
}

interface Telling {
  readonly event: EventObject;
  readonly tries: number;
}

/** 0: no answer. */
async function post(
  { url, secret }: WebhookEndpoint,
  event: EventObject,
  atSeconds: number,
): Promise<number> {
  const body = JSON.stringify(event, null, 2);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureOf(body, secret, atSeconds),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** docs.stripe.com/webhooks#verify-manually */
export function signatureOf(body: string, secret: string, atSeconds: number): string {
  const mark = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');
  return `t=${atSeconds},v1=${mark}`;
}

/** `{"copies"?, "delay_ms_max"?, "loss"?}`; null = malformed. */
export function weatherOf(text: string): WebhookWeather | null {
  let said: Record<string, unknown>;
  try {
    said = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { copies = 1, delay_ms_max: delayMsMax = 0, loss = 0 } = said;
  const within = (value: unknown, most: number): value is number =>
    typeof value === 'number' && value >= 0 && value <= most;
  if (!within(copies, copiesMax) || !Number.isInteger(copies) || copies < 1) return null;
  if (!within(delayMsMax, delayMsMost) || !within(loss, 1)) return null;
  return { copies, delayMsMax, loss };
}
