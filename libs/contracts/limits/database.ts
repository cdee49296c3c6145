/**
 * How long who asks Postgres waits for each answer, and for a connection. The journal's writer and
 * its look-ups have bounds of their own (journal.ts).
 */
export const databaseLimits = {
  /** A buyer waits: events, plans, search. */
  catalogueAnswerMs: 2_000,
  /** Of a gateway, for what is known by its id: events, plans, venues, what roles ask for. */
  catalogueConnectionsMax: 4,
  /**
   * Of a gateway, for searches. They compute, and more of them at once than there are cores end
   * later, not sooner.
   */
  searchConnectionsMax: 4,
  /** A gateway that heard nothing of it for so long is not ready. Failovers are shorter. */
  databaseSilentMs: 5_000,
  /** A step of a payment, which another process goes on with when its lease is over. */
  paymentsAnswerMs: 2_500,
  /** Nobody waits: the payments of days are compared, aside from where they are made. */
  booksQueryMs: 300_000,
  /** An operator waits, who reads whole tables at times. */
  operatorAnswerMs: 60_000,
} as const;
