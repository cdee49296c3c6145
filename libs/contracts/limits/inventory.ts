/**
 * What one event's inventory may hold, and what one command may name. The core imports nothing and
 * has these bounds for itself; limits.spec.ts compares the two.
 */
export const inventoryLimits = {
  seatsPerPlanMax: 200_000,
  areasPerPlanMax: 200,
  placesPerHoldMax: 50,
  commandWindowMax: 200_000,
  idBytesMax: 160,
  blockReasonBytesMax: 200,
} as const;
