import { describe, expect, it } from '@jest/globals';

import type { DisputeSeen } from '../provider/provider.js';
import { isFrozen, standingOf, turnOf, type DisputeTurn } from './dispute.js';

const euro = { currency: 'EUR', currencyDigits: 2 };
const seen = (status: string, withdrawn: number): DisputeSeen => ({
  kind: 'dispute',
  id: 'du_1',
  attemptId: 'att_1',
  status,
  reason: 'fraudulent',
  amount: 700,
  withdrawn,
  dueAtMs: null,
});

/** The books after these looks, and the last turn. */
function after(...looks: (readonly [status: string, withdrawn: number])[]) {
  const books: Record<string, number> = {};
  let turn: Pick<DisputeTurn, 'withdrawnMinor' | 'lostMinor' | 'entries'> = {
    ...{ withdrawnMinor: 0, lostMinor: 0, entries: [] },
  };
  for (const [status, withdrawn] of looks) {
    turn = turnOf(turn, seen(status, withdrawn), euro);
    expect(turn.entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    for (const { account, amountMinor } of turn.entries) {
      books[account] = (books[account] ?? 0) + amountMinor;
    }
  }
  return { turn, books };
}

const open = { provider_receivable: -700, disputed_funds: 700 };

describe('a dispute', () => {
  it('of which a bank only asks moves no money and freezes nothing', () => {
    const { turn, books } = after(['warning_needs_response', 0], ['warning_closed', 0]);
    expect([turn.entries, books]).toEqual([[], {}]);
    expect(isFrozen(standingOf('warning_under_review'))).toBe(false);
  });

  it('takes the money away until it is decided, and the ticket with it', () => {
    expect(after(['needs_response', 700], ['under_review', 700]).books).toEqual(open);
    expect(isFrozen(standingOf('needs_response'))).toBe(true);
    expect(standingOf('a_word_of_next_year')).toBe('OPEN');
  });

  it('that is won brings it back, and lost is less income', () => {
    const won = after(['needs_response', 700], ['won', 0]);
    expect(won.books).toEqual({ provider_receivable: 0, disputed_funds: 0 });
    const lost = after(['needs_response', 700], ['lost', 700]);
    expect(lost.books).toEqual({ ...open, disputed_funds: 0, ticket_sales: 700 });
    expect([isFrozen(standingOf('won')), isFrozen(standingOf('lost'))]).toEqual([false, true]);
  });

  it('comes out the same however much of its course was seen', () => {
    expect(after(['lost', 700]).books).toEqual({ provider_receivable: -700, ticket_sales: 700 });
    expect(after(['won', 0]).books).toEqual({});
  });

  it('that is won after it was lost, or lost again, ends in the books as it stands', () => {
    const lost = [
      ['needs_response', 700],
      ['lost', 700],
    ] as const;
    const appealed = after(...lost, ['appeal_under_review', 700], ['won', 0]);
    expect(appealed.books).toEqual({
      ...{ provider_receivable: 0, disputed_funds: 0, ticket_sales: 0 },
    });
    const again = after(...lost, ['won', 0], ['lost', 700]);
    expect(again.books).toEqual({ ...open, disputed_funds: 0, ticket_sales: 700 });
  });

  it('is told in the units of its payment', () => {
    const told = turnOf({ withdrawnMinor: 0, lostMinor: 0 }, seen('needs_response', 700), {
      ...{ currency: 'ISK', currencyDigits: 0 },
    });
    expect(told).toMatchObject({ amountMinor: 7, withdrawnMinor: 7 });
  });
});
