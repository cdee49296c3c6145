import { describe, expect, it } from '@jest/globals';
import { demoEventFile, demoPlan } from './demo/demo-catalogue.js';
import { demoEvents } from './demo/events.js';
import { differenceOf, type StoredEvent } from './event-difference.js';
import { checkEventFile } from './event-file.js';
import { prepareEvent, type PreparedEvent } from './prepare-event.js';

const nowMs = Date.UTC(2027, 0, 15, 12);
const floor = (capacity: number) => ({ name: 'Floor', capacity, category: 'Stalls' });

function prepared(more: object): PreparedEvent {
  const [hamlet] = demoEvents;
  const file = checkEventFile({ ...demoEventFile(hamlet, nowMs), areas: [floor(5)], ...more });
  if (file.kind === 'invalid') throw new Error(JSON.stringify(file.problems));
  const event = prepareEvent(file.value, demoPlan('theatre'), nowMs);
  if (event.kind === 'invalid') throw new Error(JSON.stringify(event.problems));
  return event.value;
}

/** As the catalogue has it after its import. */
function stored({ plan, ...event }: PreparedEvent, more: object = {}): StoredEvent {
  const { layout } = plan;
  const detail = {
    cancellation: null,
    ...event,
    currency: event.rules.currency,
    currencyDigits: event.currencyDigits,
    layoutHash: plan.hash,
    seatCount: layout.seatCount,
    areas: layout.areas.map(({ name, capacity }) => ({ name, capacity, priceMinor: 1 })),
    ...more,
  };
  return {
    detail: detail as unknown as StoredEvent['detail'],
    categories: layout.categories,
    thumbnailUrl: event.thumbnailUrl,
    image: event.images.event?.source ?? null,
    document: plan.document,
  };
}

const before = stored(prepared({}));

describe('what an update would change', () => {
  it('is nothing where the file says the same', () => {
    const { fixed, lines, ofRules } = differenceOf(prepared({}), before);
    expect([fixed, lines, ofRules]).toEqual([[], [], false]);
  });

  it('is the capacity of an area, by both numbers, and not the plan', () => {
    const { fixed, lines, change } = differenceOf(prepared({ areas: [floor(9)] }), before);
    expect(fixed).toEqual([]);
    expect(lines).toEqual(['area Floor: capacity 5 -> 9']);
    expect(change.capacities).toEqual([{ area: 0, capacity: 9 }]);
  });

  it('starts from the capacity that it was changed to before', () => {
    const changed = { areas: [{ name: 'Floor', capacity: 9, priceMinor: 1 }] };
    const { fixed, lines } = differenceOf(
      prepared({ areas: [floor(7)] }),
      stored(prepared({}), changed),
    );
    expect([fixed, lines]).toEqual([[], ['area Floor: capacity 9 -> 7']]);
  });

  it('is prices, limits and times, in the words of the file', () => {
    const file = demoEventFile(demoEvents[0], nowMs) as { prices: object };
    const prices = { ...file.prices, Stalls: '70' };
    const more = {
      prices,
      buyer_limit: 6,
      sale_ends_at: '2027-06-01T00:00:00Z',
      buyers: 'verified',
    };
    const { lines, change, ofRules } = differenceOf(prepared(more), before);
    expect(lines[0]).toMatch(/^price Stalls: [\d.]+ -> 70.00 GBP$/);
    expect(lines).toContain('buyer_limit: 4 -> 6');
    expect(lines).toContain('buyers: guest -> verified');
    expect(lines.find((line) => line.startsWith('sale_ends_at'))).toMatch(/-> 2027-06-01/);
    expect(Object.keys(change.rules).sort()).toEqual([
      'buyers',
      'endsAtMs',
      'placesPerBuyerMax',
      'prices',
    ]);
    expect(ofRules).toBe(true);
  });

  it('is what is shown, for history, cut to what a fact keeps', () => {
    const description = 'ü'.repeat(900);
    const { change, ofRules } = differenceOf(prepared({ name: 'Macbeth', description }), before);
    expect(ofRules).toBe(false);
    expect(change.texts).toContainEqual({ field: 'name', before: 'Hamlet', after: 'Macbeth' });
    const kept = change.texts.find(({ field }) => field === 'description')?.after ?? '';
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(500);
  });

  it('names areas, currency and seats that cannot change', () => {
    const more = { currency: 'EUR', areas: [floor(5), { ...floor(5), name: 'Bar' }] };
    expect(differenceOf(prepared(more), before).fixed).toEqual([
      'currency: GBP -> EUR',
      'areas: Floor (Stalls) -> Floor (Stalls), Bar (Stalls)',
    ]);
  });

  it('keeps the decimals that prices were stored with, whatever the table says by now', () => {
    const yen = {
      currency: 'JPY',
      prices: { Premium: '9500', Stalls: '6850', Circle: '5200', Balcony: '2950' },
    };
    const event = prepared(yen);
    const hundredfold = event.rules.prices.map((price) => (price < 0 ? price : price * 100));
    const old = stored(event, {
      currencyDigits: 2,
      rules: { ...event.rules, prices: hundredfold },
    });
    expect(differenceOf(event, old)).toMatchObject({ fixed: [], lines: [], currencyDigits: 2 });
    const dearer = prepared({ ...yen, prices: { ...yen.prices, Stalls: '7000' } });
    const { lines, change } = differenceOf(dearer, old);
    expect(lines).toEqual(['price Stalls: 6850.00 -> 7000.00 JPY']);
    expect(change.rules.prices).toContain(700_000);
  });

  it('is refused by name where stored decimals cannot say the price', () => {
    const event = prepared({});
    const whole = event.rules.prices.map((price) => (price < 0 ? price : Math.floor(price / 100)));
    const old = stored(event, { currencyDigits: 0, rules: { ...event.rules, prices: whole } });
    expect(differenceOf(event, old).fixed).toEqual([
      expect.stringContaining('prices: kept with 0 decimals'),
    ]);
  });
});
