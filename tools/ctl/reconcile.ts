import { settledStates } from '#apps/payments/saga/attempt.js';

/** One attempt as Postgres has it; amounts in minor units. */
export interface MoneyRow {
  readonly attempt_id: string;
  readonly event_id: string;
  readonly currency: string;
  readonly state: string;
  /** Since its last change. */
  readonly idleMs: number;
  readonly booked: number;
  readonly captured: number;
}

export interface Difference {
  readonly attempt_id: string;
  readonly event_id: string;
  readonly currency: string;
  readonly what: 'captured_not_booked' | 'booked_not_captured' | 'amounts_differ' | 'provider';
  readonly booked: number;
  readonly captured: number;
  readonly at_provider: number | null;
  readonly state: string;
}

interface Total {
  readonly currency: string;
  booked: number;
  captured: number;
  atProvider: number | null;
}

export interface Reconciled {
  readonly looked: number;
  /** Not settled yet and changed lately: the saga will bring them in line. */
  readonly pending: number;
  readonly totals: readonly Total[];
  readonly differences: readonly Difference[];
}

/**
 * Captured must equal booked, attempt by attempt (G5), and the provider's account must say the
 * same. `atProvider` null: it was not asked.
 */
export function differencesOf(
  rows: readonly MoneyRow[],
  atProvider: ReadonlyMap<string, number> | null,
  graceMs: number,
): Reconciled {
  const totals = new Map<string, Total>();
  const differences: Difference[] = [];
  let pending = 0;
  for (const row of rows) {
    const { idleMs, ...shown } = row;
    const provider = atProvider === null ? null : (atProvider.get(row.attempt_id) ?? 0);
    const total = totalOf(totals, row.currency, provider !== null);
    total.booked += row.booked;
    total.captured += row.captured;
    if (total.atProvider !== null) total.atProvider += provider ?? 0;
    const what = whatDiffers(row, provider);
    if (what === null) continue;
    const settled = (settledStates as readonly string[]).includes(row.state);
    if (!settled && idleMs < graceMs) pending += 1;
    else differences.push({ ...shown, what, at_provider: provider });
  }
  return { looked: rows.length, pending, totals: [...totals.values()], differences };
}

function totalOf(totals: Map<string, Total>, currency: string, asked: boolean): Total {
  let total = totals.get(currency);
  if (total === undefined) {
    total = { currency, booked: 0, captured: 0, atProvider: asked ? 0 : null };
    totals.set(currency, total);
  }
  return total;
}

function whatDiffers(row: MoneyRow, provider: number | null): Difference['what'] | null {
  const { booked, captured } = row;
  if (booked !== captured) {
    if (booked === 0) return 'captured_not_booked';
    return captured === 0 ? 'booked_not_captured' : 'amounts_differ';
  }
  return provider !== null && provider !== captured ? 'provider' : null;
}
