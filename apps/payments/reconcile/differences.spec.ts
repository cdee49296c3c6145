import { describe, expect, it } from '@jest/globals';
import { differencesOf, unknownAttempts, type AtProvider, type MoneyRow } from './differences.js';

const graceMs = 60_000;
const row = (over: Partial<MoneyRow> = {}): MoneyRow => ({
  attempt_id: 'att_1',
  event_id: 'evt_1',
  currency: 'EUR',
  currencyDigits: 2,
  state: 'CAPTURED',
  dueMs: graceMs,
  booked: 100,
  captured: 100,
  disputed: 0,
  isGoingBack: false,
  isLate: false,
  isOwed: false,
  ...over,
});
const at = (
  captured: number,
  authorised = 0,
  settled: number | null = captured,
  disputed: number | null = 0,
): ReadonlyMap<string, AtProvider> =>
  new Map([['att_1', { currency: 'EUR', captured, authorised, settled, disputed }]]);

describe('a reconciliation of bookings, ledger and provider', () => {
  it('finds nothing where all three agree, and adds up by currency', () => {
    const rows = [row(), row({ attempt_id: 'att_2', currency: 'GBP', booked: 0, captured: 0 })];
    const result = differencesOf(rows, at(100), graceMs);
    expect(result).toMatchObject({ looked: 2, pending: 0, differences: [] });
    expect(result.totals).toEqual([
      { currency: 'EUR', booked: 100, captured: 100, disputed: 0, atProvider: 100 },
      { currency: 'GBP', booked: 0, captured: 0, disputed: 0, atProvider: 0 },
    ]);
  });

  it.each([
    ['captured_not_booked', { booked: 0 }, 100],
    ['booked_not_captured', { captured: 0 }, 0],
    ['amounts_differ', { captured: 90 }, 90],
    ['provider', {}, 0],
    ['provider', {}, 200],
  ] as const)('names what differs: %s', (what, over, amount) => {
    const { differences } = differencesOf([row(over)], at(amount), graceMs);
    expect(differences).toMatchObject([{ attempt_id: 'att_1', what, at_provider: amount }]);
  });

  it('names money that did not reach its buyer, and waits for what is on its way', () => {
    const owed = differencesOf([row({ isOwed: true })], at(100), graceMs);
    expect(owed.differences).toMatchObject([{ what: 'refund_failed' }]);
    const sent = differencesOf([row({ isGoingBack: true })], at(60), graceMs);
    expect(sent).toMatchObject({ pending: 1, differences: [] });
    const late = differencesOf([row({ isGoingBack: true, isLate: true })], at(60), graceMs);
    expect(late).toMatchObject({ pending: 0, differences: [{ what: 'refund_late' }] });
  });

  it('names what a bank took back by one book alone, and adds it up apart', () => {
    const taken = row({ disputed: 100 });
    const both = differencesOf([taken], at(100, 0, 100, 100), graceMs);
    expect(both).toMatchObject({ differences: [], totals: [{ captured: 100, disputed: 100 }] });
    const ours = differencesOf([taken], at(100), graceMs);
    expect(ours.differences).toMatchObject([{ what: 'dispute' }]);
    const theirs = differencesOf([row()], at(100, 0, 100, 100), graceMs);
    expect(theirs.differences).toMatchObject([{ what: 'dispute' }]);
    // Converted into another currency, or not asked.
    expect(differencesOf([taken], at(100, 0, 100, null), graceMs).differences).toEqual([]);
    expect(differencesOf([taken], null, graceMs).differences).toEqual([]);
  });

  it('waits a minute for an attempt that is under way or just settled, and no longer', () => {
    const young = row({ state: 'BOOKED', captured: 0, dueMs: graceMs - 1 });
    expect(differencesOf([young], null, graceMs)).toMatchObject({ pending: 1, differences: [] });
    const settled = { ...young, state: 'CAPTURED' };
    expect(differencesOf([settled], null, graceMs)).toMatchObject({ pending: 1, differences: [] });
    const old = { ...young, dueMs: graceMs };
    expect(differencesOf([old], null, graceMs).differences).toHaveLength(1);
  });

  it('names money that stays reserved behind an attempt that has ended', () => {
    const ended = row({ state: 'EXPIRED', booked: 0, captured: 0 });
    expect(differencesOf([ended], at(0, 100), graceMs).differences).toMatchObject([
      { what: 'still_authorised', attempt_id: 'att_1' },
    ]);
    const running = { ...ended, state: 'AUTHORISED' };
    expect(differencesOf([running], at(0, 100), graceMs).differences).toEqual([]);
  });

  it('names what was paid and is not in the account, when it has had its time', () => {
    expect(differencesOf([row()], at(100, 0, 0), graceMs).differences).toMatchObject([
      { what: 'not_in_balance', attempt_id: 'att_1' },
    ]);
    expect(differencesOf([row({ dueMs: 1 })], at(100, 0, 0), graceMs)).toMatchObject({
      pending: 1,
      differences: [],
    });
    // Converted into another currency: its amount says nothing.
    expect(differencesOf([row()], at(100, 0, null), graceMs).differences).toEqual([]);
  });

  it('names money that was taken for an attempt nobody knows', () => {
    const found = unknownAttempts(at(100), new Set(['att_2']));
    expect(found).toMatchObject([{ what: 'unknown_attempt', at_provider: 100, currency: 'EUR' }]);
    expect(unknownAttempts(at(100), new Set(['att_1']))).toEqual([]);
    expect(unknownAttempts(at(0), new Set())).toEqual([]);
  });

  it('compares in the units of the attempt, and adds up in those of the currency', () => {
    const forints = { currency: 'HUF', booked: 12_000, captured: 12_000 };
    const old = row({ ...forints, attempt_id: 'att_0', currencyDigits: null });
    const stored = row({ ...forints, attempt_id: 'att_1', currencyDigits: 0 });
    const fresh = row({ ...forints, attempt_id: 'att_2', booked: 1_200_000, captured: 1_200_000 });
    const account = (captured: number): AtProvider => ({
      currency: 'HUF',
      captured,
      authorised: 0,
      settled: captured,
      disputed: 0,
    });
    const provider = new Map([
      ['att_0', account(12_000)],
      ['att_1', account(1_200_000)],
      ['att_2', account(1_200_000)],
    ]);
    const { differences, totals } = differencesOf([old, stored, fresh], provider, graceMs);
    expect(differences).toEqual([]);
    const total = 12_000 + 2 * 1_200_000;
    expect(totals).toEqual([
      { currency: 'HUF', booked: total, captured: total, disputed: 0, atProvider: total },
    ]);
  });

  it('says nothing of a provider that was not asked', () => {
    const { differences, totals } = differencesOf([row()], null, graceMs);
    expect([differences, totals[0].atProvider]).toEqual([[], null]);
  });
});
