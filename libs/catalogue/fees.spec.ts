import { describe, expect, it } from '@jest/globals';
import { added, noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';
import { checkEventFile, type EventFile } from './event-file.js';
import { feesIn, feesWord, pricedBy, taxWord, type FeeTerms } from './fees.js';
import { heldParts } from './held-parts.js';

const checked = (more: object, currency = 'EUR') =>
  checkEventFile({
    ...{ name: 'Hamlet', venue: 'Old Theatre', city: 'Leeds', currency },
    start: '2027-03-01T19:30:00+01:00',
    prices: { Stalls: '30', Gift: '0', Shut: null },
    ...more,
  });

function read(more: object, currency?: string): EventFile {
  const file = checked(more, currency);
  if (file.kind === 'valid') return file.value;
  throw new Error(JSON.stringify(file.problems));
}

const wrong = (more: object, currency?: string): string => {
  const file = checked(more, currency);
  return file.kind === 'valid' ? '' : `${file.problems[0].path} ${file.problems[0].message}`;
};

const terms: FeeTerms = { ticketMinor: 150, feeMilli: 7_500, taxMilli: 19_000 };
const parts = (feeMinor: number, taxMinor: number, feeTaxMinor: number): PriceParts => ({
  ...{ feeMinor, taxMinor, feeTaxMinor },
});

describe('fees of an event file', () => {
  it('are in every price that is shown, and its parts beside it (PF1)', () => {
    const fees = { percent: '7.5', per_ticket: '1.50' };
    const file = read({ fees, tax: { percent: '19' } });
    // 30.00 and 2.25 and 1.50; 33.75 contain 5.39 of tax, 3.75 contain 0.60.
    expect([...file.prices]).toEqual([
      ['Stalls', 3_375],
      ['Gift', 0],
      ['Shut', null],
    ]);
    expect(file.fees).toEqual({ terms, parts: new Map([[3_375, parts(375, 539, 60)]]) });
  });

  it('are none where the file names none, and tax is nothing that is added', () => {
    const plain = read({ fees: null, tax: null });
    expect([plain.prices.get('Stalls'), plain.fees.parts.size]).toEqual([3_000, 0]);
    const taxed = read({ tax: { percent: '20' } });
    expect(taxed.prices.get('Stalls')).toBe(3_000);
    expect(taxed.fees.parts.get(3_000)).toEqual(parts(0, 500, 0));
  });

  it('make no price of what is free (PF4)', () => {
    expect(pricedBy(0, terms)).toEqual({ priceMinor: 0, parts: noParts });
  });

  it.each([
    [{ fees: { percent: '7.5555' } }, /^fees.percent must be per cent/],
    [{ fees: { percent: '100.001' } }, /^fees.percent must be per cent/],
    [{ fees: { percent: 8 } }, /^fees/],
    [{ fees: { per_ticket: '1.505' } }, /^fees.per_ticket must be an amount with at most 2/],
    [{ fees: { per_ticket: '20000001' } }, /^fees.per_ticket must be at most 20000000.00 EUR/],
    [{ fees: { per_order: '2' } }, /^fees/],
    [{ tax: { percent: '-1' } }, /^tax.percent must be per cent/],
    [{ tax: {} }, /^tax/],
  ])('are refused where nobody could tell what they mean: %j', (said, message) => {
    expect(wrong(said)).toMatch(message);
  });

  it('leave a price that can be charged', () => {
    expect(wrong({ fees: { percent: '0.1' } }, 'KWD')).toBe('');
    expect(wrong({ fees: { per_ticket: '0.005' } }, 'KWD')).toMatch(/^prices.Stalls/);
    // Too little without its fee, and enough with it.
    const cheap = { prices: { Stalls: '0.20' } };
    expect(wrong(cheap)).toMatch(/^prices.Stalls/);
    expect(wrong({ ...cheap, fees: { per_ticket: '0.30' } })).toBe('');
  });

  it('are rounded half up, once a place, and add up to the price (PF2)', () => {
    const half: FeeTerms = { ticketMinor: 0, feeMilli: 5_000, taxMilli: null };
    expect([30, 29, 10].map((face) => pricedBy(face, half).parts.feeMinor)).toEqual([2, 1, 1]);
    for (let face = 1; face < 3_000; face += 7) {
      const { priceMinor, parts: own } = pricedBy(face, terms);
      expect(priceMinor).toBe(face + own.feeMinor);
      expect(own.taxMinor - own.feeTaxMinor).toBeGreaterThanOrEqual(0);
      expect(own.feeTaxMinor).toBeLessThanOrEqual(own.feeMinor);
    }
    const most = pricedBy(1_000_000_000, { ...terms, feeMilli: 100_000, taxMilli: 100_000 });
    expect(most.parts).toEqual(parts(1_000_000_150, 1_000_000_075, 500_000_075));
  });

  it('are kept in the decimals of the event, or cannot be', () => {
    const fees = { terms, parts: new Map([[3_375, parts(375, 539, 60)]]) };
    expect(feesIn(fees, 2, 3)).toEqual({
      terms: { ...terms, ticketMinor: 1_500 },
      parts: new Map([[33_750, parts(3_750, 5_390, 600)]]),
    });
    expect(feesIn(fees, 2, 0)).toBeNull();
  });

  it('are told to people', () => {
    expect([feesWord(terms, 2), taxWord(terms)]).toEqual([
      '7.5 % and 1.50 a ticket',
      '19 % in the price',
    ]);
    expect(feesWord({ ...terms, ticketMinor: 0, feeMilli: 10_000 }, 2)).toBe('10 %');
  });
});

describe('what the total of a hold contains', () => {
  const layout = {
    categoryOfSeat: Uint16Array.of(0, 0, 1, 1),
    areas: [{ name: 'Floor', capacity: 9, category: 2 }],
  };
  const prices = [3_300, 1_320, 0] as never;
  const own = parts(300, 550, 50);
  const other = parts(120, 220, 20);
  const old = parts(100, 183, 17);
  const fees = {
    terms,
    parts: new Map([
      [3_300, own],
      [1_320, other],
      [1_100, old],
    ]),
  };
  const contained = (seats: number[], totalMinor: number, floor = 0) =>
    heldParts({ fees, rules: { prices } as never }, layout, {
      seats,
      areas: floor === 0 ? [] : [{ area: 0 as never, quantity: floor }],
      totalMinor,
    });

  it('is that of its places, free ones too', () => {
    expect(contained([0, 1], 6_600)).toEqual(added(own, own));
    expect(contained([0, 2, 3], 5_940, 2)).toEqual(added(own, other, 2));
    expect(contained([], 0, 3)).toEqual(noParts);
  });

  it('is that of the price at which it was held, whatever it costs now', () => {
    expect(contained([2, 3], 2_200)).toEqual(added(old, old));
  });

  it('is not guessed where that cannot be told from the prices at hand', () => {
    expect(contained([2, 3], 2_222)).toBeNull();
    expect(contained([0, 2], 4_400)).toBeNull();
    expect(contained([2, 3], 2_201)).toBeNull();
  });
});
