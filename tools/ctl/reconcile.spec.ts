import { describe, expect, it } from '@jest/globals';
import { differencesOf, type MoneyRow } from './reconcile.js';

const row = (over: Partial<MoneyRow> = {}): MoneyRow => ({
  attempt_id: 'att_1',
  event_id: 'evt_1',
  currency: 'EUR',
  state: 'CAPTURED',
  idleMs: 1,
  booked: 100,
  captured: 100,
  ...over,
});
const at = (amount: number): ReadonlyMap<string, number> => new Map([['att_1', amount]]);
const graceMs = 60_000;

describe('a reconciliation of bookings, ledger and provider', () => {
  it('finds nothing where all three agree, and adds up by currency', () => {
    const rows = [row(), row({ attempt_id: 'att_2', currency: 'GBP', booked: 0, captured: 0 })];
    const result = differencesOf(rows, at(100), graceMs);
    expect(result).toMatchObject({ looked: 2, pending: 0, differences: [] });
    expect(result.totals).toEqual([
      { currency: 'EUR', booked: 100, captured: 100, atProvider: 100 },
      { currency: 'GBP', booked: 0, captured: 0, atProvider: 0 },
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

  it('waits a minute for an attempt that is under way, and no longer', () => {
    const young = row({ state: 'BOOKED', captured: 0, idleMs: graceMs - 1 });
    expect(differencesOf([young], null, graceMs)).toMatchObject({ pending: 1, differences: [] });
    const old = { ...young, idleMs: graceMs };
    expect(differencesOf([old], null, graceMs).differences).toHaveLength(1);
  });

  it('says nothing of a provider that was not asked', () => {
    const { differences, totals } = differencesOf([row()], null, graceMs);
    expect([differences, totals[0].atProvider]).toEqual([[], null]);
  });
});
