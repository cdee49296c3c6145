/** What a request to the gateway may carry, how many there may be, and what is kept for them. */
export const edgeLimits = {
  bodyBytesMax: 16 * 1024,
  headerBytesMax: 8 * 1024,
  /** For so long a browser does not ask again what another origin may send. */
  corsMaxAgeSeconds: 600,
  pageSizeMax: 100,
  pageMax: 10_000,
  pageSizeDefault: 20,
  linkBytesMax: 4_096,
  seatIdLengthMax: 200,
  paymentTokenLengthMax: 200,
  idempotencyKeyLengthMax: 100,
  returnUrlLengthMax: 1_000,
  edgeUserIdBytesMax: 36,
  requestsInFlightMax: 32_000,
  /** Of these, bookings; of one event as many as are left for the others. */
  bookingsInFlightMax: 2_048,
  /** What a gateway knows of events: plans, each once, and what is said about events. */
  eventPlansBytesMax: 256 * 1024 * 1024,
  eventDetailsBytesMax: 32 * 1024 * 1024,
  unknownEventsMax: 10_000,
  eventFreshMs: 30_000,
  unknownEventFreshMs: 1_000,
  /** Pages about venues and performers, and counts for the filters of searches. */
  readyPagesBytesMax: 8 * 1024 * 1024,
  /** Pages of searches, so that many different ones do not drive those out. */
  readySearchesBytesMax: 16 * 1024 * 1024,
  readyPageFreshMs: 5_000,
  /** Query strings that many ask alike, for each such route: 1 MiB of text at most. */
  keptQueriesMax: 2_000,
  keptQueryCharactersMax: 256,
  /** Pages of events, each of one version of its seats, with what it was made of. */
  eventPagesBytesMax: 16 * 1024 * 1024,
  unknownLayoutsMax: 10_000,
  bookingWaitMs: 8_000,
  /** A payment that has no end by then is asked for again, under its key; so often in all. */
  bookAgainMs: 3_000,
  bookAsksMax: 2,
  /** For what payments answer at once; asked for again after hopTimeoutMs. */
  controlCallTimeoutMs: 2_000,
} as const;
