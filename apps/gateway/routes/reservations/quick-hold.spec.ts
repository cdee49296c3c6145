import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '#libs/contracts/limits.js';
import { systemClock } from '#libs/platform/clock.js';

import { EventBook } from '../../events/event-book.js';
import { compiled } from '../../http/validation.js';
import { FakeCatalogue, fakeEventId } from '../../testing/fake-catalogue.js';
import { CartProblem, placesProblem, resolveCart, type CartBody } from './cart.js';
import { QuickHoldReader } from './quick-hold.js';
import { ReservationBody } from './schemas.js';

async function openReader(): Promise<{ reader: QuickHoldReader; catalogue: FakeCatalogue }> {
  const catalogue = new FakeCatalogue(40, 100);
  const events = new EventBook(catalogue, systemClock);
  await events.load(fakeEventId);
  const reader = new QuickHoldReader(events);
  reader.remember(fakeEventId);
  return { reader, catalogue };
}

const schema = compiled(ReservationBody);
const bodyOf = (seats: readonly string[]): string =>
  JSON.stringify({ event_id: fakeEventId, seat_ids: seats });

/** What JSON, schema and cart make of it: seat indexes, or null for any error. */
function ordinary(catalogue: FakeCatalogue, text: string): readonly number[] | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!schema.check(body) || (body as { event_id: string }).event_id !== fakeEventId) return null;
  if (placesProblem(body as CartBody) !== null) return null;
  const cart = resolveCart(catalogue.layout, body as CartBody);
  return cart instanceof CartProblem ? null : cart.seats;
}

describe('the quick reader of holds', () => {
  it('reads the usual body, with and without spaces', async () => {
    const { reader, catalogue } = await openReader();
    const text = bodyOf(['A-1', 'C-10']);
    const spaced = `{"event_id": "${fakeEventId}", "seat_ids": ["A-1", "C-10"]}`;
    for (const body of [text, spaced]) {
      const hold = reader.read(Buffer.from(body));
      expect(hold?.seats).toEqual([0, 29]);
      expect(hold?.entry.detail).toBe(catalogue.detail);
    }
  });

  it.each([
    ['another event', '{"event_id":"evt_other","seat_ids":["A-1"]}'],
    ['an unknown seat', bodyOf(['A-1', 'Z-99'])],
    ['a seat twice', bodyOf(['A-1', 'A-1'])],
    ['no seat', bodyOf([])],
    ['an escape', `{"event_id":"${fakeEventId}","seat_ids":["\\u0041-1"]}`],
    ['a seat that is a number', `{"event_id":"${fakeEventId}","seat_ids":[1]}`],
    ['another order of the keys', `{"seat_ids":["A-1"],"event_id":"${fakeEventId}"}`],
    ['one key more', `{"event_id":"${fakeEventId}","seat_ids":["A-1"],"areas":[]}`],
    ['something behind the end', `${bodyOf(['A-1'])} `],
    ['a list that does not end', bodyOf(['A-1']).slice(0, -2)],
    ['an id that does not end', bodyOf(['A-1']).slice(0, -4)],
    ['nothing', ''],
  ])('leaves %s to the ordinary way', async (_name, text) => {
    const { reader } = await openReader();
    expect(reader.read(Buffer.from(text))).toBeNull();
  });

  it('leaves more seats than a hold may have to the ordinary way', async () => {
    const catalogue = new FakeCatalogue(limits.placesPerHoldMax + 1, 1);
    const events = new EventBook(catalogue, systemClock);
    await events.load(fakeEventId);
    const reader = new QuickHoldReader(events);
    reader.remember(fakeEventId);
    const { ids } = catalogue.layout.seats;
    expect(reader.read(Buffer.from(bodyOf(ids.slice(1))))?.seats).toHaveLength(ids.length - 1);
    expect(reader.read(Buffer.from(bodyOf(ids)))).toBeNull();
  });

  it('never means anything but JSON, schema and cart do (QH1)', async () => {
    const { reader, catalogue } = await openReader();
    const { ids } = catalogue.layout.seats;
    const usual = fc
      .array(fc.oneof(fc.constantFrom(...ids), fc.string()), { minLength: 1, maxLength: 4 })
      .map(bodyOf);
    const piece = fc.oneof(fc.constantFrom(...'{}[]",:\\ \n\u0000A-1é'), fc.string());
    const damaged = fc.tuple(usual, fc.nat(), fc.nat(3), piece).map(([text, at, cut, put]) => {
      const from = at % text.length;
      return text.slice(0, from) + put + text.slice(from + cut);
    });
    let quick = 0;
    fc.assert(
      fc.property(fc.oneof(usual, damaged), (text) => {
        const hold = reader.read(Buffer.from(text));
        if (hold === null) return;
        quick += 1;
        expect(hold.seats).toEqual(ordinary(catalogue, text));
      }),
      { numRuns: 5_000 },
    );
    expect(quick).toBeGreaterThan(100);
  });
});
