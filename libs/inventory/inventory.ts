/**
 * The public face of the inventory core. Everything else in this folder is internal.
 * Signatures are the contract with the actor, the journal's readers, the simulator and the oracle.
 */
export * from './ids.js';
export * from './layout.js';
export * from './commands.js';
export * from './facts.js';
export * from './refusals.js';
export * from './decision.js';

// State
export { AssertionFailed } from './assert.js';
export { createState, statusOf, SeatStatus, commandWindowMax, endedHoldsMax } from './state.js';
export type { Booking, InventoryState, SaleStatus, StateBounds } from './state.js';

// Decide and fold
export { decide } from './decide.js';
export { foreseenMax, foresight } from './foresight.js';
export { retryGraceMs } from './decide-payment.js';
export { evolve } from './evolve.js';
export { nextWakeAt, expiriesPerTickMax } from './expiry.js';

// Look
export { changesOf } from './changes.js';
export type { Changes, HoldChange } from './changes.js';
export { areaCounts, bookingView, counts, holdOfSeat, holdView, seatStatuses } from './views.js';
export type { AreaTally, Counts, HoldSummary } from './views.js';
export { previewBestAvailable } from './best-available.js';

// Store
export { encodeFacts, decodeFacts } from './codec.js';
export { UnknownFactKind } from './fact-kinds.js';
export { CorruptBytes } from './byte-reader.js';
export { encodeState, decodeState, LayoutMismatch } from './snapshot.js';
export { digest, digestOfSnapshot } from './digest.js';
