/**
 * The steps of a live move, where a test may kill or delay one of its two processes. They are
 * named by what was done last; docs/operating/moves.md has what becomes of the event at each.
 */
export const sourceFailpoints = [
  'before_warm',
  'after_warm',
  'after_pause',
  'after_flush',
  'after_take',
] as const;

export const targetFailpoints = [
  'target_before_warm',
  'target_after_warm',
  'target_before_take',
  'target_after_announce',
  'target_after_install',
] as const;

export const moveFailpoints = [...sourceFailpoints, ...targetFailpoints] as const;

export type MoveFailpoint = (typeof moveFailpoints)[number];
