import type { FoundSystem } from '#ops/system/own-system.js';
import { BenchEvents, shuffledSeatIds } from '#bench/bench-events.js';
import { openSessions } from '#bench/buyers.js';
import { flood, type FloodPlan, type FloodResult } from './flood.js';
import type { EventId } from '#libs/inventory/ids.js';

/** Where faults are done: a system of our own, with one large event on sale. */
export interface Site {
  readonly found: FoundSystem;
  readonly gateway: URL;
  readonly events: BenchEvents;
  readonly users: readonly (readonly string[])[];
  /** Each fault in its size: 1 = as documented. */
  readonly scale: number;
}

const usersAtFullSize = 2_048;

export async function openSite(
  found: FoundSystem,
  events: BenchEvents,
  scale: number,
): Promise<Site> {
  const gateway = new URL(found.system.gatewayUrls[0]);
  const users = await openSessions(gateway.href, Math.ceil(usersAtFullSize * Math.max(scale, 0.1)));
  return { found, gateway, events, users, scale };
}

type Load = Pick<FloodPlan, 'perSecond' | 'connections' | 'ms'> & Partial<Pick<FloodPlan, 'users'>>;

/** Holds of seats in random order; on an event of its own unless one is named. */
export async function holds(site: Site, load: Load, eventId?: EventId): Promise<FloodResult> {
  const { gateway, users, events } = site;
  const event = eventId ?? ((await events.add()) as EventId);
  await activated(gateway, event);
  return flood({ gateway, users, eventId: event, seatIds: shuffledSeatIds(), ...load });
}

const activationMs = 20_000;

export async function activated(gateway: URL, eventId: string): Promise<void> {
  const giveUpAtMs = performance.now() + activationMs;
  while (performance.now() < giveUpAtMs) {
    const response = await fetch(new URL(`/v1/events/${eventId}`, gateway));
    const event = (await response.json()) as { availability?: object | null };
    if (response.ok && event.availability !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the owner of ${eventId} did not come up`);
}
