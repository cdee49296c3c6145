/** The way of a command from the edge to the owner, wherever that is just now. */
export const routingLimits = {
  clientQueueMax: 20_000,
  commandDeadlineMs: 5_000,
  routeHopsMax: 8,
} as const;
