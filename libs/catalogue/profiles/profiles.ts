import type { EventPage } from '../catalogue.js';
import type { Performer, PerformerId, Venue, VenueId } from './venues-performers.js';

/** Which of the events that are still to come, by start. */
export interface UpcomingQuery {
  /** What ended before, start and sale, is over. */
  readonly nowMs: number;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** A thing of the catalogue with one page of its upcoming events. */
export interface WithEvents<Of> {
  readonly of: Of;
  readonly upcoming: EventPage;
}

/** Venues and performers by their ids; null: there is no such thing. */
export interface Profiles {
  venueOf(venueId: VenueId, query: UpcomingQuery): Promise<WithEvents<Venue> | null>;
  performerOf(
    performerId: PerformerId,
    query: UpcomingQuery,
  ): Promise<WithEvents<Performer> | null>;
}
