/** What is stored of a picture and served: WebP, by its hash. */
export interface Media {
  /** sha256 of the bytes, in hexadecimal. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** A picture of an event or a venue, in the sizes that pages want. */
export interface EventImage {
  /** sha256 of the file that it was made from: the same file again changes nothing. */
  readonly source: string;
  readonly thumbnail: Media;
  readonly large: Media;
}

/** The pictures that an event file names. */
export interface SaidImages {
  /** null: the event has none of its own. */
  readonly event: EventImage | null;
  /** null: the venue has none any more; absent: the file does not say. */
  readonly venue?: EventImage | null;
}

export const noImages: SaidImages = { event: null };

/** Gateways' side. */
export interface MediaSource {
  /** The bytes under a hash; null: there are none. */
  mediaOf(hash: string): Promise<Uint8Array | null>;
}

/** Where a picture is, at every gateway. */
export const mediaAddress = (hash: string): string => `/v1/media/${hash}`;

export const mediaAddressOrNone = (hash: string | null): string | null =>
  hash === null ? null : mediaAddress(hash);

/** A picture in words, by the file that it was made from. */
export const imageWord = (source: string | null | undefined): string =>
  source == null ? 'none' : source.slice(0, 12);
