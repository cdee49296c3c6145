import type { Brand } from '#libs/inventory/ids.js';

/** Public id of a venue, `ven_` and its number. */
export type VenueId = Brand<string, 'VenueId'>;
/** Public id of a performer, `prf_` and its number. */
export type PerformerId = Brand<string, 'PerformerId'>;

/** Where events are. */
export interface Venue {
  readonly venueId: VenueId;
  readonly name: string;
  readonly city: string;
  /** One line; null: no file has said it. So are the others. */
  readonly address: string | null;
  /** People, of the whole house. */
  readonly capacity: number | null;
  /** IANA name. */
  readonly timeZone: string | null;
  /** Addresses of its picture. */
  readonly thumbnailUrl: string | null;
  readonly imageUrl: string | null;
}

/** Who plays. Two spellings of a name are two performers. */
export interface Performer {
  readonly performerId: PerformerId;
  readonly name: string;
  readonly description: string;
  /** https addresses. */
  readonly links: readonly string[];
}

const venuePattern = /^ven_[1-9]\d{0,17}$/;
const performerPattern = /^prf_[1-9]\d{0,17}$/;

export const venueIdOf = (text: string): VenueId | null =>
  venuePattern.test(text) ? (text as VenueId) : null;

export const performerIdOf = (text: string): PerformerId | null =>
  performerPattern.test(text) ? (text as PerformerId) : null;

/** The number in the database, as text: it may be larger than what a JavaScript number tells. */
export const numberOfId = (id: VenueId | PerformerId): string => id.slice(4);
