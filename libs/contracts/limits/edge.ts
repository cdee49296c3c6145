/** What a request to the gateway may carry, how many there may be, and what is kept for them. */
export const edgeLimits = {
  bodyBytesMax: 16 * 1024,
  headerBytesMax: 8 * 1024,
  pageSizeMax: 100,
  pageMax: 10_000,
  pageSizeDefault: 20,
  linkBytesMax: 4_096,
  seatIdLengthMax: 200,
  paymentTokenLengthMax: 200,
  idempotencyKeyLengthMax: 100,
  edgeUserIdBytesMax: 36,
  requestsInFlightMax: 20_000,
  eventsCachedMax: 10_000,
  eventFreshMs: 30_000,
  unknownEventFreshMs: 1_000,
  bookingWaitMs: 8_000,
  controlCallTimeoutMs: 3_000,
} as const;
