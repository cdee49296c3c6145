/** How a gateway that will stop takes leave of its clients. */
export const lameDuckLimits = {
  /** A gateway that will stop: not ready, but open to everybody, for load balancers to notice. */
  lameDuckGraceMs: 2_000,
  /** The longest that can be configured: slow checks, many of them before one is believed. */
  lameDuckGraceMsMax: 600_000,
  /** All its sockets are closed within this time, a slice at a time. */
  lameDuckCloseMs: 2_000,
  lameDuckSliceMs: 50,
  /** How fast its clients are told to come back, over all other gateways, and how late at most. */
  lameDuckReturnsPerSecond: 2_000,
  lameDuckReturnMsMin: 250,
  lameDuckReturnMsMax: 8_000,
  stopGraceMs: 5_000,
} as const;
