import { edit, type Mutation } from '../mutation.js';

const pool = ['libs/inventory/rules/protected-seats.spec.ts'];
const file = 'libs/inventory/rules/protected-seats.ts';
const release = 'libs/inventory/rules/pool-release.ts';

/** Seats that are kept for wheelchair users and their company. */
export const accessible: readonly Mutation[] = [
  {
    name: 'pool-named',
    guarantee: 'access',
    guard: 'kept seats are not for who names them without need',
    file,
    edits: edit('return kept.length === 0 ? null', 'return kept.length >= 0 ? null'),
    specs: pool,
  },
  {
    name: 'pool-spaces',
    guarantee: 'access',
    guard: 'a space for each wheelchair, and no more by name',
    file,
    edits: edit('...spaces.slice(wheelchairs)', '...spaces.slice(wheelchairs + 1)'),
    specs: pool,
  },
  {
    name: 'pool-company',
    guarantee: 'access',
    guard: 'three companion seats go with a space',
    file,
    edits: edit('left.push(...own.slice(places));', ''),
    specs: pool,
  },
  {
    name: 'pool-beside',
    guarantee: 'access',
    guard: 'company sits beside the space',
    file,
    edits: edit('(last === seat - 1 && joinsNext(turn, last))', 'last === seat - 1'),
    specs: pool,
  },
  {
    name: 'pool-limit',
    guarantee: 'access',
    guard: 'wheelchair spaces of one buyer are bounded',
    file,
    edits: edit('return wanted <= left ? null', 'return wanted >= 0 ? null'),
    specs: pool,
  },
  {
    name: 'pool-booked',
    guarantee: 'access',
    guard: 'what a buyer has booked counts',
    file,
    edits: edit('if (booked === 0) return count;', 'if (booked >= 0) return count;'),
    specs: pool,
  },
  {
    name: 'pool-level',
    guarantee: 'access',
    guard: 'no pool while the release before shares the bus',
    file,
    edits: edit(
      '(flags & poolFlags) === 0 || turn.factLevel < levelWithRules',
      '(flags & poolFlags) === 0',
    ),
    specs: pool,
  },
  {
    name: 'pool-time',
    guarantee: 'access',
    guard: 'the pool is released at its time, and not before',
    file: release,
    edits: edit(
      ' && moment.nowMs < accessibleRelease) return null;',
      ' && moment.nowMs < 0) return null;',
    ),
    specs: pool,
  },
  {
    name: 'pool-held',
    guarantee: 'access',
    guard: 'a hold is not a sale',
    file: release,
    edits: edit(
      'return statusOfSeat[seat] === SeatStatus.free || statusOfSeat[seat] === SeatStatus.held;',
      'return statusOfSeat[seat] === SeatStatus.free;',
    ),
    specs: pool,
  },
  {
    name: 'pool-best',
    guarantee: 'access',
    guard: 'the engine keeps companion seats as well',
    file: 'libs/inventory/rules/block-search.ts',
    edits: edit('if (companions > wheelchairs * companionsPerSpace) return null;', ''),
    specs: ['libs/inventory/rules/seat-choice.spec.ts'],
  },
  {
    name: 'pool-alternative',
    guarantee: 'access',
    guard: 'what would be refused is no alternative',
    file: 'libs/inventory/rules/decide-hold.ts',
    edits: edit(
      'seats: block }) === null ? block : null;',
      'seats: block }) === null ? block : block;',
    ),
    specs: pool,
  },
];
