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
  /** Of a lease: what its worker does by then has its effect before another can take over. */
  sagaFencePart: 0.9,
  sagaPollMs: 100,
  sagaStopMs: 4_000,
  sagaStuckAfterMs: 60_000,
  /** Refunds that a process works at, each with one step at a time. */
  refundsInWorkMax: 16,
  refundScanMs: 1_000,
  /** Outlasts the longest step, with all its tries; renewed by each, and before money is sent. */
  refundLeaseMs: 60_000,
  /** Between two looks at a refund that the bank takes its time for: mostly somebody says so. */
  refundPollMsMax: 600_000,
  /** Until a refund that does not get on is somebody's concern; a bank may take longer. */
  refundStuckAfterMs: 300_000,
  /** Until one that is under way all the same, at the bank included, is named as late. */
  refundLateAfterMs: 5 * 86_400_000,
  /** Disputes looked at one after the other, within one lease. */
  disputesAtOnce: 4,
  /** Between two looks at one that is open: mostly somebody says so. */
  disputePollMs: 6 * 3_600_000,
  /** The same of one that was lost, and how long: its bank may decide anew. */
  disputeLostPollMs: 86_400_000,
  disputeLostForMs: 180 * 86_400_000,
  /** Between two looks for those that nobody spoke of, and how far back they go. */
  disputesListMs: 600_000,
  disputesListedMs: 30 * 86_400_000,
  /** Refunds of cancelled events that are under way at once, over all events and processes. */
  cancellationRefundsMax: 12,
  /** Between two pages of one event, and between two looks at what is to be waited for. */
  cancellationPaceMs: 500,
  cancellationRoundMs: 5_000,
  /** Bookings that are named of a cancelled event; all of them are counted. */
  cancellationTroublesMax: 100,
  providerTimeoutMs: 3_000,
  /** What nobody waits for leaves a provider alone that is asked too often; see RequestLimit. */
  providerRestMsMin: 1_000,
  providerRestMsMax: 30_000,
  providerQuietMs: 10_000,
  /** By which tries it is told how long the provider takes of late. */
  providerTimesKept: 100,
  providerTimesMs: 60_000,
  /** Between two looks at an intent that the bank is still deciding. */
  intentPollMsMax: 2_000,
  /** The same, where its buyer is to answer his bank: mostly somebody says when he has. */
  challengePollMsMax: 15_000,
  /** Looks at one intent that its buyer causes, at most one in so long. */
  buyerLookMs: 1_000,
  /** How long such a question waits for what the look brings. */
  buyerLookWaitMs: 300,
  /** Of one event of Stripe's, as it is sent; most have 2 to 6 KB. */
  webhookBytesMax: 256 * 1_024,
  /** That one gateway hands on at once. */
  webhooksInFlightMax: 64,
  /** Signatures that are not Stripe's: one address has so many, and one more a second. */
  badSignaturesBurst: 20,
  webhookAgeMsMax: 300_000,
  /** Stripe's clock may be ahead of ours by so much. */
  webhookFutureMsMax: 60_000,
  /** Stripe sends an event again for three days. */
  eventsKeptMs: 30 * 86_400_000,
  eventsSweptMax: 5_000,
  eventsSweepMs: 60_000,
  /** Attempts looked at in one statement where the ledger is brought up to date. */
  ledgerPageMax: 5_000,
  /** Whether the day's reconciliation is still to be done. */
  booksCheckMs: 600_000,
  /** Attempts of so many days are looked at each day, and all since the last time it was done. */
  booksDays: 2,
  /** What Stripe's clock may differ from ours, and a request be under way. */
  findSlackMs: 120_000,
  /** Of one page of Stripe's lists. */
  booksAnswerMs: 10_000,
  booksTakesMsMax: 3_600_000,
  /** Differences that a report shows; all are counted. */
  booksShownMax: 100,
  /** What a buyer fills in on the simulated bank's page. */
  challengeFormBytesMax: 2_048,
  /** Declined attempts older than this are forgotten where cards are tried one after the other. */
  declinesWithinMs: 3_600_000,
  /** Attempts of one buyer that may be under way at once, for whatever reservations. */
  buyerPaymentsMax: 8,
  /** Between two lines that say that somebody may be trying cards. */
  declinesAlarmMs: 60_000,
} as const;

/**
 * After `free` declines the next attempt waits, twice as long after each further one. A buyer with
 * three mistakes pays with the fourth card at once. Many buyers share an address, so it has more
 * and waits less: what bounds it is how many reservations it may hold.
 */
export const declineBounds = {
  reservation: { free: 3, waitMs: 15_000, waitMsMax: 300_000 },
  buyer: { free: 5, waitMs: 30_000, waitMsMax: 1_800_000 },
  card: { free: 3, waitMs: 60_000, waitMsMax: 1_800_000 },
  address: { free: 30, waitMs: 2_000, waitMsMax: 60_000 },
} as const;
