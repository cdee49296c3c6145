import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { Checked } from './checked.js';
import { checkEventFile, parseEventFile } from './event-file.js';
import { prepareEvent, type PreparedEvent } from './prepare-event.js';
import type { PretixPlan } from './pretix-plan.js';

const file = (more: object = {}) => ({
  name: 'Hamlet',
  venue: 'Old Theatre',
  city: 'Leeds',
  start: '2027-03-01T19:30:00+01:00',
  currency: 'GBP',
  prices: { Stalls: '89.50' },
  ...more,
});

const plan: PretixPlan = {
  name: 'House',
  categories: [{ name: 'Stalls' }, { name: 'Unused' }],
  zones: [
    {
      position: { x: 0, y: 0 },
      rows: [
        {
          row_number: 'A',
          seats: [
            { seat_guid: '1', seat_number: '1', position: { x: 0, y: 0 }, category: 'Stalls' },
          ],
        },
      ],
    },
  ],
};

const firstProblem = (checked: Checked<unknown>): string =>
  checked.kind === 'valid'
    ? 'valid'
    : `${checked.problems[0].path} ${checked.problems[0].message}`.trim();

const nowMs = Date.UTC(2027, 0, 1);

function prepared(more: object = {}, seating: PretixPlan | null = plan): Checked<PreparedEvent> {
  const event = checkEventFile(file(more));
  return event.kind === 'valid' ? prepareEvent(event.value, seating, nowMs) : event;
}

function soundly(checked: Checked<PreparedEvent>): PreparedEvent {
  if (checked.kind === 'valid') return checked.value;
  throw new Error(JSON.stringify(checked.problems));
}

describe('an event file', () => {
  it('gives complete rules from the least it can say', () => {
    const event = soundly(prepared());
    expect(event.eventId).toBe('evt_hamletleeds20270301');
    expect(event.startsAtMs).toBe(Date.UTC(2027, 2, 1, 18, 30));
    expect(event).toMatchObject({ utcOffsetMinutes: 60, thumbnailUrl: null });
    expect(event.rules).toEqual({
      prices: [8950, -1],
      currency: 'GBP',
      opensAtMs: nowMs,
      // The sale ends when the show begins.
      endsAtMs: Date.UTC(2027, 2, 1, 18, 30),
      buyers: 'guest',
      holdTtlMs: 600_000,
      holdTtlMsMax: 1_800_000,
      paymentTtlMs: 600_000,
      placesPerHoldMax: 4,
      placesPerBuyerMax: 4,
      strandedSingles: 'refuse',
      accessibleRelease: 'never',
      wheelchairsPerBuyerMax: 2,
      placesPerAddressMax: null,
    });
  });

  it('takes its id from the day at the venue', () => {
    const times = { start: '2027-03-01T23:30', time_zone: 'America/New_York' };
    const event = soundly(prepared(times));
    expect(event.eventId).toBe('evt_hamletleeds20270301');
    expect(event).toMatchObject({ timeZone: 'America/New_York', utcOffsetMinutes: -300 });
  });

  it('sets every rule', () => {
    const event = soundly(
      prepared({
        id: 'evt_x1',
        on_sale: '2027-02-01T10:00Z',
        buyer_limit: 80,
        places_per_hold: 20,
        address_limit: 120,
        hold_minutes: 0.5,
        payment_minutes: 2.5,
        hold_minutes_max: 4,
        stranded_singles: 'allow',
      }),
    );
    expect(event.eventId).toBe('evt_x1');
    expect(event.rules).toMatchObject({
      opensAtMs: Date.UTC(2027, 1, 1, 10),
      holdTtlMs: 30_000,
      holdTtlMsMax: 240_000,
      paymentTtlMs: 150_000,
      placesPerHoldMax: 20,
      placesPerBuyerMax: 80,
      placesPerAddressMax: 120,
      strandedSingles: 'allow',
    });
  });

  it('lets one address hold what one buyer may', () => {
    expect(firstProblem(prepared({ buyer_limit: 9, address_limit: 8 }))).toMatch(/^address_limit/);
    expect(soundly(prepared({ address_limit: 4 })).rules.placesPerAddressMax).toBe(4);
  });

  it('says whose event it is, or nothing of it', () => {
    expect(soundly(prepared({ organiser: 'acme-2' })).organiser).toBe('acme-2');
    expect(soundly(prepared({})).organiser).toBeNull();
  });

  it('says when seats for wheelchair users are for all', () => {
    const start = Date.UTC(2027, 2, 1, 18, 30);
    const release = (said: unknown): unknown =>
      soundly(prepared({ accessible_release: said })).rules.accessibleRelease;
    expect(release('sold_out')).toBe('sold_out');
    expect(release(48)).toBe(start - 48 * 3_600_000);
    expect(release(0.5)).toBe(start - 1_800_000);
    expect(firstProblem(prepared({ accessible_release: 'later' }))).toMatch(/^accessible_release/);
    const { rules } = soundly(prepared({ wheelchair_limit: 1 }));
    expect(rules.wheelchairsPerBuyerMax).toBe(1);
  });

  it('has a picture at an address of its own', () => {
    const thumbnail_url = 'https://pictures.example/a/5f3a.jpg?w=320&h=(180)';
    expect(soundly(prepared({ thumbnail_url })).thumbnailUrl).toBe(thumbnail_url);
  });

  it('may say more than the names of its venue and its performers', () => {
    const plain = soundly(prepared({ performers: ['Ada'] }));
    expect(plain).toMatchObject({ venue: 'Old Theatre', saidOfVenue: {}, saidOfPerformers: [] });
    const ada = { name: 'Ada', description: 'Sings.', links: ['https://ada.example/'] };
    const more = soundly(
      prepared({
        start: '2027-03-01T19:30',
        venue: { name: 'Hall', address: 'Mill Lane 1', capacity: null, time_zone: 'Asia/Tokyo' },
        performers: [ada, 'Bo'],
      }),
    );
    expect(more).toMatchObject({
      venue: 'Hall',
      saidOfVenue: { address: 'Mill Lane 1', capacity: null, timeZone: 'Asia/Tokyo' },
      timeZone: 'Asia/Tokyo',
      utcOffsetMinutes: 540,
      performers: ['Ada', 'Bo'],
      saidOfPerformers: [ada],
    });
    // The zone of the event is the venue's.
    expect(soundly(prepared({ time_zone: 'Europe/Paris' })).saidOfVenue).toEqual({
      timeZone: 'Europe/Paris',
    });
  });

  it('may sell on after the start, also from a time after it', () => {
    const festival = { on_sale: '2027-03-02T10:00Z', sale_ends_at: '2027-03-05T20:00+01:00' };
    const { rules } = soundly(prepared({ ...festival, buyers: 'verified' }));
    expect([rules.opensAtMs, rules.endsAtMs]).toEqual([
      Date.UTC(2027, 2, 2, 10),
      Date.UTC(2027, 2, 5, 19),
    ]);
    expect(rules.buyers).toBe('verified');
    const backwards = { ...festival, sale_ends_at: '2027-03-01T20:00Z' };
    expect(firstProblem(prepared(backwards))).toBe('on_sale must be before sale_ends_at');
    expect(firstProblem(prepared({ sale_ends_at: 'later' }))).toMatch(/^sale_ends_at must be a/);
  });

  it('opens a manual sale never by itself', () => {
    expect(soundly(prepared({ on_sale: 'manual' })).rules.opensAtMs).toBeNull();
  });

  it('sells areas without any plan, in categories of their own', () => {
    const areas = [{ name: 'Floor', capacity: 200, category: 'Standing' }];
    const event = soundly(prepared({ areas, prices: { Standing: '25' } }, null));
    expect(event.plan.layout.seatCount).toBe(0);
    expect(event.plan.layout.areas).toEqual([{ name: 'Floor', capacity: 200, category: 0 }]);
    expect([event.priceMinMinor, event.priceMaxMinor]).toEqual([2500, 2500]);
  });

  it('makes ids from foreign letters and cuts long ones', () => {
    const idOf = (name: string) => soundly(prepared({ name })).eventId;
    expect(idOf('Über Ærø: Łódź!')).toBe('evt_uberaerolodzleeds20270301');
    expect(idOf('x'.repeat(100))).toBe(`evt_${'x'.repeat(40)}20270301`);
    expect(idOf('音楽会')).toBe('evt_n15772ebc35939b1aleeds20270301');
    expect(idOf('演奏会')).not.toBe(idOf('音楽会'));
    expect(idOf('!!!')).toMatch(/^evt_n[0-9a-f]{16}leeds20270301$/);
  });
});

describe('the prices of an event file', () => {
  const priced = (currency: string, amount: string) =>
    soundly(prepared({ currency, prices: { Stalls: amount } }));

  it('may be nothing: free is a price', () => {
    const free = priced('GBP', '0');
    expect([free.rules.prices[0], free.priceMinMinor, free.priceMaxMinor]).toEqual([0, 0, 0]);
    expect(free.hasNotForSale).toBe(false);
  });

  it('may be null: not for sale', () => {
    const areas = [{ name: 'Floor', capacity: 10, category: 'Floor' }];
    const event = soundly(prepared({ areas, prices: { Stalls: null, Floor: '25' } }));
    expect(event.rules.prices).toEqual([-1, -1, 2500]);
    expect(event).toMatchObject({ priceMinMinor: 2500, priceMaxMinor: 2500, hasNotForSale: true });
    expect(firstProblem(prepared({ prices: { Stalls: null } }))).toBe(
      'prices leave nothing for sale',
    );
  });

  it('are not asked of seats that have no category', () => {
    const [zone] = plan.zones;
    const [row] = zone.rows;
    const spare = { ...row.seats[0], seat_guid: '2', seat_number: '2', category: '' };
    const rows = [{ ...row, seats: [...row.seats, spare] }];
    const event = soundly(prepared({}, { ...plan, zones: [{ ...zone, rows }] }));
    expect(event.plan.layout.categories).toEqual(['Stalls', 'Unused', '']);
    expect(event.rules.prices).toEqual([8950, -1, -1]);
    expect(event.hasNotForSale).toBe(true);
  });

  it('mean the same on every machine: decimals are those of ISO 4217', () => {
    const forints = priced('HUF', '12000');
    expect([forints.rules.prices[0], forints.currencyDigits]).toEqual([1_200_000, 2]);
    const dinars = priced('RSD', '1500.50');
    expect([dinars.rules.prices[0], dinars.currencyDigits]).toEqual([150_050, 2]);
    expect(priced('JPY', '12000').currencyDigits).toBe(0);
    expect(priced('IDR', '11000000').rules.prices[0]).toBe(1_100_000_000);
  });
});

describe('an event file is refused with the path of the field:', () => {
  const long = 'x'.repeat(limits.nameLengthMax + 1);
  const area = { name: 'Floor', capacity: 10, category: 'Stalls' };
  const timeHint = 'must be a time with a zone such as "2027-03-01T19:30:00+01:00"';
  const cases: readonly [string, object, string][] = [
    ['no name', { name: undefined }, 'name must be string'],
    ['an empty name', { name: '' }, 'name must not be empty'],
    ['an absurd name', { name: long }, 'name must not have over 200 characters'],
    ['a misspelt field', { buyer_limits: 4 }, 'buyer_limits is not a known field'],
    ['a bad id', { id: 'EVT-1' }, 'id must be "evt_" and 1 to 48 small letters or digits'],
    ...['http://x.example/a.jpg', 'https://x.example/a b', 'https://x/"><b>', 'javascript:0'].map(
      (url): [string, object, string] => [
        `a picture at ${url}`,
        { thumbnail_url: url },
        'thumbnail_url has characters that are not allowed',
      ],
    ),
    ['a venue without a name', { venue: { address: 'x' } }, 'venue.name is missing'],
    ['a venue of nobody', { venue: { name: 'Hall', capacity: 0 } }, 'venue.capacity must be >= 1'],
    [
      'an unknown zone of the venue',
      { venue: { name: 'Hall', time_zone: 'Europe/Atlantis' } },
      'venue.time_zone must be an IANA time zone such as "Europe/Berlin"',
    ],
    [
      'another zone than the venue has',
      { venue: { name: 'Hall', time_zone: 'Europe/Paris' }, time_zone: 'Europe/Berlin' },
      "time_zone is not the venue's, Europe/Paris",
    ],
    [
      'a link that is not https',
      { performers: ['Bo', { name: 'Ada', links: ['http://ada.example/'] }] },
      'performers[1].links[0] has characters that are not allowed',
    ],
    [
      'a performer with an unknown field',
      { performers: [{ name: 'Ada', genre: 'jazz' }] },
      'performers[0].genre is not a known field',
    ],
    [
      'a start without a zone',
      { start: '2027-03-01T19:30:00' },
      'start has no offset, and the file no "time_zone"',
    ],
    [
      'a start that its zone skips',
      { start: '2027-03-28T02:30', time_zone: 'Europe/Berlin' },
      'start does not exist: the clock of Europe/Berlin goes from 2027-03-28T01:59 ' +
        'to 2027-03-28T03:00',
    ],
    [
      'a zone that is none',
      { time_zone: 'Europe/Londn' },
      'time_zone must be an IANA time zone such as "Europe/Berlin"',
    ],
    ['a day no calendar has', { start: '2027-02-30T19:30:00Z' }, `start ${timeHint}`],
    ['an hour no clock has', { start: '2027-02-03T25:30:00Z' }, `start ${timeHint}`],
    ['a start that is a number', { start: 5 }, 'start must be string'],
    ['a bad sale time', { on_sale: 'soon' }, `on_sale ${timeHint}, "now" or "manual"`],
    [
      'a sale after the start',
      { on_sale: '2028-01-01T00:00Z' },
      'on_sale must be before start, where the sale ends without a sale_ends_at',
    ],
    ['an unknown currency', { currency: 'gbp' }, 'currency must be a currency such as "EUR"'],
    ['a price as a number', { prices: { Stalls: 89.5 } }, 'prices.Stalls must be string'],
    [
      'a price with too many decimals',
      { prices: { Stalls: '89.505' } },
      'prices.Stalls must be an amount with at most 2 decimals such as "12.50"',
    ],
    [
      'decimals in a currency without them',
      { currency: 'JPY', prices: { Stalls: '89.5' } },
      'prices.Stalls must be an amount with at most 0 decimals such as "12"',
    ],
    [
      'a negative price',
      { prices: { 'Front row': '-1' } },
      'prices["Front row"] must be an amount with at most 2 decimals such as "12.50"',
    ],
    [
      'a price under the least charge',
      { currency: 'EUR', prices: { Stalls: '0.20' } },
      'prices.Stalls must be at least 0.50 EUR, the least that can be charged, or 0',
    ],
    [
      'a price over the largest charge',
      { prices: { Stalls: '1000000' } },
      'prices.Stalls must be at most 999999.99 GBP, the most that can be charged',
    ],
    [
      'a price finer than can be charged',
      { currency: 'KWD', prices: { Stalls: '18.605' } },
      'prices.Stalls must be a multiple of 0.010 KWD, which is charged',
    ],
    [
      'a price in a currency that nobody can pay with',
      { currency: 'IQD', prices: { Stalls: '5000' } },
      'prices.Stalls must be 0: the payment provider takes no IQD',
    ],
    ['a currency of the past', { currency: 'DEM' }, 'currency must be a currency such as "EUR"'],
    [
      'a category without a price',
      { prices: {} },
      'prices.Stalls is missing; null if it is not for sale',
    ],
    [
      'a price without a category',
      { prices: { Stalls: '1', Stals: '1' } },
      'prices.Stals is not a category of the plan or of an area',
    ],
    [
      'an area without room',
      { areas: [{ ...area, capacity: 0 }] },
      'areas[0].capacity must be >= 1',
    ],
    ['half a place', { areas: [{ ...area, capacity: 1.5 }] }, 'areas[0].capacity must be integer'],
    ['an area twice', { areas: [area, area] }, 'areas[1].name repeats "Floor"'],
    ['a limit of zero', { buyer_limit: 0 }, 'buyer_limit must be >= 1'],
    [
      'a hold of a second',
      { hold_minutes: 1 / 60 },
      `hold_minutes must be >= ${limits.holdTtlMsMin / 60_000}`,
    ],
    [
      'an end of holds before their deadline',
      { hold_minutes: 20, hold_minutes_max: 15 },
      'hold_minutes_max must be at least hold_minutes and payment_minutes',
    ],
    [
      'holds larger than the buyer may have',
      { buyer_limit: 4, places_per_hold: 5 },
      'places_per_hold must not be more than buyer_limit',
    ],
    [
      'a rule nobody knows',
      { stranded_singles: 'maybe' },
      'stranded_singles must be one of refuse, allow',
    ],
  ];

  it.each(cases)('%s', (_title, more, problem) => {
    expect(firstProblem(prepared(more))).toBe(problem);
  });

  it('nothing to sell', () => {
    expect(firstProblem(prepared({ prices: {} }, null))).toContain('plan is missing');
    const empty = { ...plan, zones: [] };
    expect(firstProblem(prepared({ prices: {} }, empty))).toContain('areas is missing');
  });

  it('what is not JSON', () => {
    expect(firstProblem(parseEventFile(Buffer.from('name: Hamlet')))).toContain('position 0');
    expect(firstProblem(parseEventFile(Buffer.from('[]')))).toBe('must be object');
  });
});
