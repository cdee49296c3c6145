import { currencyDigits as digitsOf, isCurrency } from '#libs/contracts/money/currencies.js';
import { minorOfStripe, stripeDigits } from '#libs/contracts/money/stripe-charging.js';

import { settledStates } from '../saga/attempt.js';

/** One attempt as Postgres has it; amounts in the minor units of `currencyDigits`. */
export interface MoneyRow {
  readonly attempt_id: string;
  readonly event_id: string;
  readonly currency: string;
  /** null: made by a release that counted in the provider's units. */
  readonly currencyDigits: number | null;
  readonly state: string;
  /**
   * Before the comparison began: when it was settled; when it was booked, if it is not settled; or
   * else when its hold ran out. Negative: later.
   */
  readonly dueMs: number;
  /** What of it should be there: paid and not given back, of a booking or kept of one. */
  readonly booked: number;
  readonly captured: number;
  /** Of it out of the provider's account, because the buyer's bank took it back. */
  readonly disputed: number;
  /** Something of it is on its way back, which takes banks days. */
  readonly isGoingBack: boolean;
  /** For longer than banks take. */
  readonly isLate: boolean;
  /** Something of it did not arrive, and nobody has closed that. */
  readonly isOwed: boolean;
}

export interface Difference {
  readonly attempt_id: string;
  readonly event_id: string;
  readonly currency: string;
  readonly what:
    | 'captured_not_booked'
    | 'booked_not_captured'
    | 'amounts_differ'
    /** Our ledger and the provider's account say different things. */
    | 'provider'
    /** The provider's list of payments and its account say different things. */
    | 'not_in_balance'
    /** The buyer's money is still reserved, and nobody will take or free it. */
    | 'still_authorised'
    /** A refund failed: the buyer has neither seats nor money. */
    | 'refund_failed'
    /** A refund is under way for days: somewhere it does not get on. */
    | 'refund_late'
    /** Our ledger and the provider's account differ over what a bank took back. */
    | 'dispute'
    /** The provider took money for an attempt that we know nothing of. */
    | 'unknown_attempt';
  readonly booked: number;
  readonly captured: number;
  readonly at_provider: number | null;
  readonly state: string;
}

/** What the provider has of one attempt, in its own units. */
export interface AtProvider {
  readonly currency: string;
  /** Less what was refunded. */
  readonly captured: number;
  /** Reserved on the buyer's card: neither captured nor freed. */
  readonly authorised: number;
  /** Came into its account, less refunds; null: in another currency. */
  readonly settled: number | null;
  /** Of it taken back by the buyer's bank, and not returned; null: in another currency. */
  readonly disputed: number | null;
}

/** In the minor unit of ISO 4217, whatever the attempts count in. */
interface Total {
  readonly currency: string;
  booked: number;
  captured: number;
  disputed: number;
  atProvider: number | null;
}

export interface Reconciled {
  readonly looked: number;
  /** Settled, booked or due lately: the saga, or the next comparison, brings them in line. */
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
  atProvider: ReadonlyMap<string, AtProvider> | null,
  graceMs: number,
): Reconciled {
  const totals = new Map<string, Total>();
  const differences: Difference[] = [];
  let pending = 0;
  for (const row of rows) {
    const account =
      atProvider === null ? null : inUnitsOf(row, atProvider.get(row.attempt_id) ?? nothing);
    const provider = account === null ? null : account.captured;
    const total = totalOf(totals, row.currency, provider !== null);
    const scale = scaleOf(row);
    total.booked += row.booked * scale;
    total.captured += row.captured * scale;
    total.disputed += row.disputed * scale;
    if (total.atProvider !== null) total.atProvider += (provider ?? 0) * scale;
    const settled = (settledStates as readonly string[]).includes(row.state);
    const reserved = settled && (account?.authorised ?? 0) > 0 ? 'still_authorised' : null;
    const balance = account === null || inBalance(account) ? null : 'not_in_balance';
    const owed = row.isOwed ? 'refund_failed' : null;
    const late = row.isLate ? 'refund_late' : null;
    const away = account?.disputed ?? row.disputed;
    const taken = away === row.disputed ? null : 'dispute';
    const what = late ?? whatDiffers(row, provider) ?? reserved ?? balance ?? taken ?? owed;
    if (what === null) continue;
    if (row.dueMs < graceMs || (row.isGoingBack && !row.isLate)) pending += 1;
    else differences.push(differenceOf(row, what, provider));
  }
  return { looked: rows.length, pending, totals: [...totals.values()], differences };
}

function differenceOf(row: MoneyRow, what: Difference['what'], at: number | null): Difference {
  const { attempt_id, event_id, currency, state, booked, captured } = row;
  return { attempt_id, event_id, currency, what, booked, captured, at_provider: at, state };
}

type Account = Omit<AtProvider, 'currency'>;

function inUnitsOf({ currency, currencyDigits }: MoneyRow, account: Account): Account {
  if (currencyDigits === null) return account;
  const own = (amount: number): number => minorOfStripe(amount, currency, currencyDigits);
  const { captured, authorised, settled, disputed } = account;
  return {
    captured: own(captured),
    authorised: own(authorised),
    settled: settled === null ? null : own(settled),
    disputed: disputed === null ? null : own(disputed),
  };
}

function scaleOf({ currency, currencyDigits }: MoneyRow): number {
  const iso = isCurrency(currency) ? digitsOf(currency) : stripeDigits(currency);
  return 10 ** (iso - (currencyDigits ?? stripeDigits(currency)));
}

const nothing: Account = { captured: 0, authorised: 0, settled: 0, disputed: 0 };

const inBalance = ({ captured, settled }: Account): boolean =>
  settled === null || settled === captured;

/** Money at the provider for attempts that are in no row of ours, whatever their age. */
export function unknownAttempts(
  atProvider: ReadonlyMap<string, AtProvider>,
  known: ReadonlySet<string>,
): Difference[] {
  return [...atProvider]
    .filter(([id, { captured, authorised }]) => !known.has(id) && captured + authorised !== 0)
    .map(([attempt_id, { currency, captured }]) => ({
      attempt_id,
      event_id: '-',
      currency,
      what: 'unknown_attempt',
      booked: 0,
      captured: 0,
      at_provider: captured,
      state: '-',
    }));
}

function totalOf(totals: Map<string, Total>, currency: string, asked: boolean): Total {
  let total = totals.get(currency);
  if (total === undefined) {
    total = { currency, booked: 0, captured: 0, disputed: 0, atProvider: asked ? 0 : null };
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
