import type { Pool } from 'pg';
import { sound } from '../checked.js';
import { checkEventFile } from '../event-file.js';
import { importEvent } from '../import-event.js';
import { prepareEvent } from '../prepare-event.js';
import { checkPlan, type PretixPlan } from '../pretix-plan.js';
import { arenaPlan } from './arena.js';
import { startTimeText } from '../start-time.js';
import { demoEvents, demoZones, type DemoEvent, type DemoPlan } from './events.js';
import { stadiumPlan } from './stadium.js';
import { theatrePlan } from './theatre.js';

export { demoEventIds } from './events.js';

/**
 * Loads the demo venues and events by the same path as any import: pretix plan, event file, checks.
 * Safe to repeat: events that are there stay as they are.
 */
export interface DemoOptions {
  /** "Today" of the demo. Default: the clock's. */
  readonly nowMs?: number;
  /** Called after each event. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/** How many events were added. */
export async function loadDemoCatalogue(pool: Pool, options: DemoOptions = {}): Promise<number> {
  const nowMs = options.nowMs ?? Date.now();
  const plans = new Map<DemoPlan, PretixPlan>();
  let added = 0;
  for (const [index, event] of demoEvents.entries()) {
    const plan = plans.get(event.plan) ?? demoPlan(event.plan);
    plans.set(event.plan, plan);
    const file = sound(checkEventFile(demoEventFile(event, nowMs)));
    const result = await importEvent(pool, sound(prepareEvent(file, plan, nowMs)));
    if (result.kind === 'imported') added += 1;
    options.onProgress?.(index + 1, demoEvents.length);
  }
  return added;
}

/** A demo plan, checked like a file. */
export function demoPlan(name: DemoPlan): PretixPlan {
  const generators = { theatre: theatrePlan, arena: arenaPlan, stadium: stadiumPlan };
  return sound(checkPlan(generators[name]()));
}

/** A demo event as the JSON of an event file. */
export function demoEventFile(event: DemoEvent, nowMs: number): Record<string, unknown> {
  const day = (days: number): string =>
    new Date(nowMs + days * 86_400_000).toISOString().slice(0, 10);
  const { onSaleInDays } = event;
  const atMs = Date.parse(`${day(event.inDays)}T${event.at}:00Z`);
  const zone = demoZones[String(event.file.city)];
  return {
    ...event.file,
    start: startTimeText({ atMs, utcOffsetMinutes: utcOffsetOf(atMs, zone) }),
    on_sale: onSaleInDays === undefined ? 'now' : `${day(onSaleInDays)}T10:00:00Z`,
  };
}

/** Minutes east of Greenwich that the clocks of a zone show at a moment. */
function utcOffsetOf(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}
