import { commitAndRecovery, outputGate } from './guards/actor.js';
import { time } from './guards/clocks.js';
import { payments, seatMaps } from './guards/edges.js';
import { inventory } from './guards/inventory.js';
import { memoryJournal, postgresJournal } from './guards/journal.js';
import { liveMove } from './guards/moves.js';
import { callRouting, ownership } from './guards/ownership.js';
import type { Mutation } from './mutation.js';

/** Every guard, cheap specs first. */
export const mutations: readonly Mutation[] = [
  ...inventory,
  ...memoryJournal,
  ...commitAndRecovery,
  ...outputGate,
  ...ownership,
  ...time,
  ...callRouting,
  ...liveMove,
  ...payments,
  ...seatMaps,
  ...postgresJournal,
];
