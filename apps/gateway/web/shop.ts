import { Holdfast, webPlatform, type WebGlobals } from '#libs/client/holdfast.js';
import type { Schema } from '#libs/client/typed-client.js';

/** The gateway that these pages came from. */
/** The types of the DOM want more of an event than is read of it. */
const globals = window as unknown as WebGlobals;
export const holdfast = new Holdfast(location.origin, webPlatform(globals));
export const { api, clock } = holdfast;

export type EventDoc = Schema<'EventDoc'>;
export type EventSummary = Schema<'EventSummaryDoc'>;
export type Reservation = Schema<'ReservationState'>;
export type Booking = Schema<'Booking'>;
export type Serving = Schema<'QueueServing'>;
export type Place = Schema<'QueuePlace'>;
export type Proof = Schema<'QueueProof'>;
export type SystemStatus = Schema<'SystemStatus'>;

/** null: there is no such event, or nobody answers. */
export const fetchEvent = async (eventId: string): Promise<EventDoc | null> =>
  (await findEvent(eventId)) ?? null;

/** null: nobody answers. undefined: there is no such event. */
export async function findEvent(eventId: string): Promise<EventDoc | null | undefined> {
  const answer = await api.get('/v1/events/{event_id}', { path: { event_id: eventId } });
  if (answer?.status === 404) return undefined;
  return answer?.status === 200 ? answer.body : null;
}

/** Pictures of this origin alone: the pages ask no other host for anything. */
export const ownPicture = (url: string | null): string | null =>
  url !== null && url.startsWith('/') && !url.startsWith('//') ? url : null;
