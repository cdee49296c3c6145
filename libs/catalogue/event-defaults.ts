/** What an event file leaves out, in one place. docs/reference/seating-plans.md names them. */
export const eventDefaults = {
  /** Places that one buyer may hold and book together. */
  buyerLimit: 4,
  holdMinutes: 10,
  paymentMinutes: 10,
} as const;
