/** The saga of a payment, the calls that wait for it, and the provider of payments. */
export const paymentLimits = {
  /** Attempts that a process works at, of one event as many as are left for the others. */
  sagasInWorkMax: 1_024,
  bookCallsMax: 20_000,
  bookWaitMsMax: 30_000,
  /** Until the owner has said whether there is anything to pay for, where nobody waits for more. */
  bookBeginsMs: 300,
  sagaScanMs: 1_000,
  sagaLeaseMs: 5_000,
  sagaPollMs: 100,
  sagaStopMs: 4_000,
  sagaStuckAfterMs: 60_000,
  providerTimeoutMs: 3_000,
  /** Between two looks at an intent that the bank is still deciding. */
  intentPollMsMax: 2_000,
} as const;
