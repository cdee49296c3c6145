import { edit, type Mutation } from '../mutation.js';

const changed = ['libs/inventory/rules/changed-rules.spec.ts'];
const locked = ['libs/inventory/rules/locked-price.spec.ts'];
const file = 'libs/inventory/rules/decide-rules.ts';
const evolve = 'libs/inventory/state/evolve.ts';

/** Rules that change while an event sells, and what nobody loses by it. */
export const ruleChanges: readonly Mutation[] = [
  {
    name: 'rules-taken',
    guarantee: 'G1',
    guard: 'an area never has fewer places than are taken of it',
    file,
    edits: edit('if (limit > capacity) return', 'if (limit > 1e9) return'),
    specs: changed,
  },
  {
    name: 'rules-overdue',
    guarantee: 'G3',
    guard: 'an overdue hold ends before its area gets smaller',
    file,
    edits: edit(
      '  if (turn.anyOverdue) expire(turn, overdueHoldsIn(turn, command.capacities));\n',
      '',
    ),
    specs: changed,
  },
  {
    name: 'rules-level',
    guarantee: 'G9',
    guard: 'rules do not change below the level that can write it down',
    file,
    edits: edit('return levelWithRules;', 'return 0;'),
    specs: changed,
  },
  {
    name: 'rules-withdrawn',
    guarantee: 'G1',
    guard: 'what was for sale is not withdrawn by its price',
    file,
    edits: edit('return withdrawn ? {', 'return withdrawn && prices.length > 1e9 ? {'),
    specs: ['libs/inventory/rules/not-for-sale.spec.ts', ...changed],
  },
  {
    name: 'rules-ended',
    guarantee: 'G3',
    guard: 'a sale that is over holds nothing',
    file: 'libs/inventory/rules/decide-sale.ts',
    edits: edit("  if (hasEnded(turn)) return { code: 'sale_ended' };\n", ''),
    specs: changed,
  },
  {
    name: 'rules-pay-ended',
    guarantee: 'G3',
    guard: 'no payment begins when the sale is over',
    file: 'libs/inventory/rules/decide-payment.ts',
    edits: edit("  if (!again && hasEnded(turn)) return { code: 'sale_ended' };\n", ''),
    specs: changed,
  },
  {
    name: 'rules-in-order',
    guarantee: 'G9',
    guard: 'changes are folded one after the other',
    file: evolve,
    edits: edit('revision === state.rulesRevision + 1', 'revision > 0'),
    specs: changed,
  },
  {
    name: 'rules-price-kept',
    guarantee: 'G5',
    guard: 'a hold keeps its price when prices change, though nobody wrote it down',
    file: evolve,
    edits: edit('if (known) holds.setPrices(slot, prices);', ''),
    specs: locked,
  },
  {
    name: 'rules-expected',
    guarantee: 'G5',
    guard: 'nothing is held at another total than expected',
    file: 'libs/inventory/rules/decide-hold.ts',
    edits: edit(
      'command.expectedTotal !== undefined && command.expectedTotal !== totalMinor',
      'command.expectedTotal === -1',
    ),
    specs: locked,
  },
  {
    name: 'rules-unsayable',
    guarantee: 'G4',
    guard: 'a refusal that the journal cannot say is not remembered',
    file: 'libs/inventory/rules/decide.ts',
    edits: edit('if (keyed && sayable) facts.push', 'if (keyed || sayable) facts.push'),
    specs: locked,
  },
];
