/**
 * The public face of the inventory core. Everything else in this folder is internal.
 * Signatures are the contract with the actor, the journal's readers, the simulator and the oracle.
 */
export * from './ids.js';
export * from './by.js';
export * from './usual-sender.js';
export * from './layout.js';
export * from './commands.js';
export * from './facts.js';
export * from './prices.js';
export * from './refusal-codes.js';
export * from './rules/decision.js';

// State
export { AssertionFailed } from './assert.js';
export {
  createState,
  statusOf,
  SeatStatus,
  areaFree,
  rulesOf,
  shownSaleStatus,
  commandWindowMax,
  endedHoldsMax,
} from './state/state.js';
export type { InventoryState, SaleStatus, ShownSaleStatus, StateBounds } from './state/state.js';
export { poolOf } from './state/seat-pool.js';
export type { Booking } from './state/booking-table.js';

// Decide and fold
export { decide } from './rules/decide.js';
export { fingerprintOf } from './rules/fingerprint.js';
export { isOperatorName } from './rules/shape.js';
export { foreseenMax, foresight } from './rules/foresight.js';
export { retryGraceMs } from './rules/decide-payment.js';
export { evolve } from './state/evolve.js';
export { nextWakeAt, expiriesPerTickMax } from './rules/expiry.js';

// Look
export { changesOf } from './state/changes.js';
export type { Changes, HoldChange } from './state/changes.js';
export {
  areaCounts,
  bookingView,
  counts,
  holdOfSeat,
  holdView,
  knownHolds,
  placesOfBuyers,
  seatStatuses,
} from './views.js';
export { stillFree } from './still-free.js';
export type { StillFree } from './still-free.js';
export type { AreaTally, BuyerPlaces, Counts, HoldSummary } from './views.js';
export { previewBestAvailable } from './rules/best-available.js';

// Store
export { encodeFacts, decodeFacts, FactReader, factLevelOf } from './codec/fact-codec.js';
export {
  factLevelNewest,
  factLevelOldest,
  factTypes,
  levelWithLate,
  levelWithRules,
  UnknownFactKind,
} from './codec/fact-kinds.js';
export { CorruptBytes } from './codec/byte-reader.js';
export {
  encodeState,
  decodeState,
  LayoutMismatch,
  snapshotFormatOf,
  StateLoader,
} from './codec/snapshot.js';
export { snapshotFormatAt, type SnapshotFormat } from './codec/snapshot-format.js';
export {
  decodeQuote,
  decodeRules,
  decodeRulesChange,
  encodeQuote,
  encodeRules,
  encodeRulesChange,
} from './codec/rules-change-codec.js';
export { refusalNumbers } from './codec/refusal-codec.js';
export { digest, digestOfSnapshot } from './codec/digest.js';
