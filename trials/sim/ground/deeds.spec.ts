import { describe, expect, it } from '@jest/globals';
import type { Answer, CommandId, EventId, UserId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { Deeds, type Deed } from './deeds.js';

const wanted = {
  eventId: 'evt_1' as EventId,
  userId: 'usr_1' as UserId,
  commandId: 'pay.att_1.book_late' as CommandId,
  keyed: true,
  command: { type: 'GetSeatMap' },
} as unknown as Deed;

const answered = (answer: object): CallResult =>
  ({ kind: 'answered', answer: answer as Answer }) as CallResult;
const refused = (code: string): CallResult => answered({ kind: 'refused', refusal: { code } });
const booked = answered({ kind: 'accepted', outcome: { type: 'booking' } });

/** Two tries of one command, the second sent at `secondSentMs`; the first is answered at 20 ms. */
function twice(first: CallResult, second: CallResult, secondSentMs: number) {
  const deeds = new Deeds();
  const deed = deeds.begin(wanted, 10);
  deeds.heard(deed, first, 10, 20);
  deeds.heard(deed, second, secondSentMs, 40);
  return { deed, contradictions: deeds.contradictions };
}

describe('two answers to one command', () => {
  it.each([
    ['the second of another kind', refused('hold_expired'), booked, 30],
    ['the second of another code', refused('hold_expired'), refused('sale_ended'), 30],
    ['a refusal after what was done', booked, refused('sale_ended'), 30],
    ['not finalized, to a try under way meanwhile', refused('not_finalized'), booked, 19],
  ])('contradict each other: %s', (_what, first, second, sentMs) => {
    expect(twice(first, second, sentMs).contradictions).toHaveLength(1);
  });

  it('are fine when they are the same', () => {
    expect(twice(booked, booked, 15).contradictions).toEqual([]);
  });

  it('are fine when the first said that an upgrade is not finalized: the second counts', () => {
    const { deed, contradictions } = twice(refused('not_finalized'), booked, 20);
    expect(contradictions).toEqual([]);
    expect(deed.answer?.kind).toBe('accepted');
    expect(deed.answeredAtMs).toBe(40);
  });
});
