import type { LiveConnection, LiveListener } from '#libs/client/live-connection.js';
import type { LayoutDocument } from '#libs/seat-map/layout-document.js';
import { knownToken } from '../holds/guest-session.js';
import { admissionOf } from '../room/kept-places.js';
import { api, clock, findEvent, holdfast, type EventDoc } from '../shop.js';

/**
 * What a map needs from the shop, asked for at once and before its script is there: the event with
 * its plan, and the line of the live map. Whoever opens a map waits for the slowest of them, and
 * not for one after the other.
 */
export class SaleLine {
  readonly live: LiveConnection;
  #plan: Promise<Asked> | null;
  #ears: LiveListener = {};

  constructor(readonly eventId: string) {
    const listener: LiveListener = {
      onState: (state) => this.#ears.onState?.(state),
      onMap: (frame, fits) => this.#ears.onMap?.(frame, fits),
      onHold: (frame) => this.#ears.onHold?.(frame),
    };
    const admission = () => admissionOf(eventId, clock.nowMs())?.token ?? null;
    this.live = holdfast.follow(eventId, listener, { token: () => knownToken(), admission });
    this.#plan = this.#ask();
  }

  /** Each call but the first asks once more. */
  plan(): Promise<Asked> {
    const asked = this.#plan ?? this.#ask();
    this.#plan = null;
    return asked;
  }

  /** What was said before is in its map and its state. */
  hear(ears: LiveListener): void {
    this.#ears = ears;
  }

  /** Where there is no plan nobody listens either. */
  async #ask(): Promise<Asked> {
    this.live.open();
    const plan = await fetchPlan(this.eventId);
    if (plan == null) this.live.close();
    return plan;
  }

  close(): void {
    this.#ears = {};
    this.live.close();
  }
}

export interface SalePlan {
  readonly event: EventDoc;
  readonly document: LayoutDocument;
}

/** null: it cannot be had now. undefined: there is no such event. */
export type Asked = SalePlan | null | undefined;

export async function fetchPlan(eventId: string): Promise<Asked> {
  const event = await findEvent(eventId);
  if (event == null) return event;
  const path = { hash: event.layout_hash };
  const answer = await api.get('/v1/layouts/{hash}', { path });
  if (answer?.status !== 200) return null;
  return { event, document: answer.body as unknown as LayoutDocument };
}

let early: SaleLine | null = null;

/** For the map with which this document begins. */
export function askEarly(eventId: string): void {
  early = new SaleLine(eventId);
}

/** Whoever left before the map's script was there: nobody closes it otherwise. */
export function leaveEarly(): void {
  early?.close();
  early = null;
}

/** Whose it is closes it. */
export function lineOf(eventId: string): SaleLine {
  if (early?.eventId !== eventId) leaveEarly();
  const asked = early;
  early = null;
  return asked ?? new SaleLine(eventId);
}
