import type { Counts } from '../load/plan.js';

/**
 * The one oracle of all competitors: what buyers were told against what the store has.
 *
 * BO1  A seat that was acknowledged to two buyers is a double sale, whatever the store says.
 * BO2  The store has what was acknowledged, and beyond that at most what got no answer.
 * BO3  It never asks whether a system claims to be safe: that is for whoever reads the verdict.
 */
export interface Receipts {
  /** Of the whole run. */
  readonly total: Counts;
  readonly acceptedTwice: number;
}

/** `held`: seats that the store has; null: it keeps none, and so sells none. Empty: all is well. */
export function wrongWith({ total, acceptedTwice }: Receipts, held: number | null): string[] {
  if (held === null) return [];
  const wrong: string[] = [];
  if (acceptedTwice > 0) wrong.push(`${acceptedTwice} seats were sold to two buyers`);
  const { accepted, errors, timeouts } = total;
  if (held < accepted) wrong.push(`${accepted} acknowledged, only ${held} kept`);
  if (held > accepted + errors + timeouts)
    wrong.push(`${held} kept, only ${accepted} acknowledged`);
  return wrong;
}
