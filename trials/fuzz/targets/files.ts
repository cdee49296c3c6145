import fc from 'fast-check';
import { readNatsUrl } from '#libs/bus/nats-url.js';
import { compilePlan } from '#libs/catalogue/compile-plan.js';
import { parseEventFile } from '#libs/catalogue/event-file.js';
import { decodeLayout, encodeLayout, LayoutCorrupt } from '#libs/catalogue/layout-codec.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { parsePlan, type PretixPlan } from '#libs/catalogue/pretix-plan.js';
import { promise, pureTarget, sameBytes, textBytes } from '../target.js';
import type { FuzzTarget, Outcome } from '../target.js';

/** What operators hand in: plans, event files, addresses; and compiled plans. */
const nowMs = Date.UTC(2027, 0, 1);
const word = fc.constantFrom('Stalls', 'Stehplatz €', 'A', '1', '__proto__', '', 'Floor');
const position = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.nat({ max: 900 }) });
const plans = fc.record({
  name: fc.constant('House'),
  categories: fc.uniqueArray(fc.record({ name: word }), { maxLength: 3, selector: (c) => c.name }),
  zones: fc.array(
    fc.record({
      name: word,
      position,
      rows: fc.array(
        fc.record({
          row_number: word,
          position,
          seats: fc.array(
            fc.record({
              seat_guid: fc.nat({ max: 99 }).map(String),
              seat_number: word,
              position,
              category: word,
            }),
            { maxLength: 3 },
          ),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});
const events = fc.record(
  {
    id: fc.constantFrom('evt_one', 'evt_two', 'one'),
    name: fc.constantFrom('Hamlet', '', 'x'.repeat(201)),
    venue: fc.constant('Old Theatre'),
    city: fc.constant('Leeds'),
    start: fc.constantFrom('2027-03-01T19:30:00+01:00', '2027-02-30T00:00:00Z', 'now'),
    on_sale: fc.constantFrom('now', 'manual', '2027-01-01T00:00:00Z'),
    currency: fc.constantFrom('GBP', 'JPY', 'eur'),
    prices: fc.oneof(
      fc.constant({ Stalls: '25' }),
      fc.dictionary(word, fc.constantFrom('89.50', '0', '1e3', '-1', '9999999999')),
    ),
    areas: fc.oneof(
      fc.constant([{ name: 'Floor', capacity: 200, category: 'Stalls' }]),
      fc.array(fc.record({ name: word, capacity: fc.integer(), category: word })),
    ),
    buyer_limit: fc.integer({ min: -1, max: 1_001 }),
    hold_minutes: fc.double({ min: 0, max: 70, noNaN: true }),
  },
  { requiredKeys: ['name', 'venue', 'city', 'start', 'currency', 'prices'] },
);
const compiled = plans.map((plan) => {
  const areas = [{ name: 'Floor', capacity: 30, category: 'Standing' }];
  const sound = parsePlan(textBytes(JSON.stringify(plan)));
  const empty: PretixPlan = { name: 'Club', categories: [], zones: [] };
  return compilePlan(sound.kind === 'valid' ? sound.value : empty, { areas }).compiled;
});
const urls = fc.tuple(
  fc.constantFrom('nats://', 'tls://', '', 'http://', 'nats:'),
  fc.constantFrom('', 'user@', 'user:p%40ss@', 'hunter2%zz@', ':@'),
  fc.constantFrom('a', '[::1]', '127.0.0.1', '', 'ä.example', 'a%'),
  fc.constantFrom('', ':4222', ':0', ':70000', ':x', ',b:1', '/path?x#y'),
);

const asJson = (value: unknown): Uint8Array => textBytes(JSON.stringify(value));

export const fileTargets: readonly FuzzTarget[] = [
  pureTarget('plans', plans.map(asJson), readPlan),
  pureTarget('events', events.map(asJson), readEvent),
  pureTarget('layouts', compiled, readLayout),
  pureTarget(
    'addresses',
    urls.map((parts) => textBytes(parts.join(''))),
    readAddress,
  ),
];

function readPlan(input: Uint8Array): Outcome {
  const plan = parsePlan(input);
  if (plan.kind === 'invalid') return refusedWith(plan.problems);
  const result = compilePlan(plan.value, { areas: [] });
  const { layout } = decodeLayout(result.compiled, result.hash);
  promise(layout.seatCount === result.layout.seatCount, 'a plan changed on the way');
  return 'accepted';
}

function readEvent(input: Uint8Array): Outcome {
  const event = parseEventFile(input);
  if (event.kind === 'invalid') return refusedWith(event.problems);
  const prepared = prepareEvent(event.value, null, nowMs);
  return prepared.kind === 'valid' ? 'accepted' : refusedWith(prepared.problems);
}

function refusedWith(problems: readonly { readonly message: string }[]): Outcome {
  promise(problems.length > 0 && problems[0].message !== '', 'refused without saying why');
  return 'refused';
}

function readLayout(input: Uint8Array): Outcome {
  try {
    const { layout, documentDigest } = decodeLayout(input, 'hash');
    const again = encodeLayout(layout, documentDigest);
    promise(sameBytes(again, input), 'bytes that nobody writes were taken for a plan');
    return 'accepted';
  } catch (error) {
    if (error instanceof LayoutCorrupt) return 'refused';
    throw error;
  }
}

/** A refusal names the kind of trouble and never the text, which may hold a password. */
function readAddress(input: Uint8Array): Outcome {
  const text = Buffer.from(input).toString();
  try {
    const { servers } = readNatsUrl(text);
    promise(Array.isArray(servers) && servers.length > 0, 'an address without a server');
    return 'accepted';
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.includes('NATS url')) throw error;
    promise(!error.message.includes('hunter2'), 'a password was repeated');
    return 'refused';
  }
}
