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
// State: createState(layout, rules), type InventoryState, SeatStatus, statusOf(state, seat)
// export { decide } from './decide.js';        decide(state, envelope): Decision
// export { evolve } from './evolve.js';        evolve(state, fact): void
// export { nextWakeAt } from './expiry.js';    nextWakeAt(state): TimeMs | null
// export { digest } from './digest.js';        digest(state): string (64 hex digits)
// export { encodeFacts, decodeFacts }          (facts) => Uint8Array; (bytes) => Fact[]
// export { encodeState, decodeState }          snapshot bytes, canonical
// export { changesOf }                         (state, fact) => seat and area changes for diffs
