import { describe, expect, it } from '@jest/globals';

import type { EventEntry } from '../../events/event-book.js';
import { FakeCatalogue } from '../../testing/fake-catalogue.js';
import { holdFields } from './hold-json.js';

const { detail, layout } = new FakeCatalogue(20, 10);
/** Of 50.00: 4.50 are a fee, 7.98 of it are tax. */
const parts = new Map([[5_000, { feeMinor: 450, taxMinor: 798, feeTaxMinor: 72 }]]);
const withFees = { ...detail, fees: { ...detail.fees, parts } };

const shown = (of: EventEntry['detail'], totalMinor: number): Record<string, unknown> => {
  const hold = {
    holdId: 'rsv_show1_aaaaaaaaaaaaaaaaaaaa' as never,
    seats: [1, 2],
    areas: [{ area: 0 as never, quantity: 1 }],
    totalMinor,
    deadlineMs: 0,
  };
  const text = `{${holdFields({ detail: of, layout }, hold)}}`;
  return JSON.parse(text) as Record<string, unknown>;
};

describe('a reservation', () => {
  it('says what its total contains, which is all that is charged (PF1)', () => {
    expect(shown(withFees, 15_000)).toMatchObject({
      total: 15_000,
      breakdown: { face_value: 13_650, booking_fee: 1_350, tax: 2_394 },
    });
  });

  it('says nothing of it where it is face value alone, or is not known here', () => {
    expect(shown(detail, 15_000)).not.toHaveProperty('breakdown');
    expect(shown(withFees, 15_300)).not.toHaveProperty('breakdown');
    expect(shown(withFees, 0)).not.toHaveProperty('breakdown');
  });
});
