import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { encodeFacts, factLevelNewest, type Fact } from '#libs/inventory/inventory.js';

import { fakeEventId } from '../../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../../testing/harness.js';

const replay = `/v1/admin/events/${fakeEventId}/replay`;
const secrets = ['usr_anna', 'rsv_anna', 'bkg_anna', 'att_anna', 'alice'];
const sold = { seats: [0, 1], areas: [{ area: 0, quantity: 2 }], totalMinor: 100 };
const ids = {
  holdId: 'rsv_anna',
  userId: 'usr_anna',
  bookingId: 'bkg_anna',
  attemptId: 'att_anna',
};
const told = [
  { type: 'SaleOpened', by: { role: 'operator', name: 'sre alice' } },
  { type: 'SeatsHeld', ...ids, ...sold, deadlineMs: 9_000, prices: null },
  { type: 'PaymentBegun', ...ids, deadlineMs: 9_000 },
  { type: 'SeatsBooked', ...ids, ...sold },
  { type: 'BookingCancelled', ...ids, ...sold, offSale: true },
];

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
  const facts = told.map((fact, at) => ({
    ...{ atMs: 1_000 + at, by: { role: 'buyer' }, cause: { commandId: 'c', fingerprint: 1 } },
    ...fact,
  }));
  harness.office.batches.set(fakeEventId, [
    { batchNo: 1, firstSeq: 1, facts: new Uint8Array(0) },
    { batchNo: 2, firstSeq: 1, facts: encodeFacts(facts as unknown as Fact[], factLevelNewest) },
    { batchNo: 3, firstSeq: 6, facts: Uint8Array.of(250, 1, 2, 3) },
  ]);
});

afterEach(() => harness.stop());

describe('the replay of a sale', () => {
  it('is what became of seats, in order, and tells of nobody (SS1)', async () => {
    const token = harness.operator('organiser', 'acme');
    const { status, json, text } = await harness.call('GET', replay, { token });
    const places = { seats: [0, 1], areas: [{ area: 0, quantity: 2 }] };
    const [, { hold }] = json.steps as { hold: string }[];
    expect([status, json.next, json.more]).toEqual([200, 3, true]);
    expect(json.steps).toEqual([
      { at: 1_000, what: 'SaleOpened' },
      { at: 1_001, what: 'SeatsHeld', hold, ...places },
      { at: 1_003, what: 'SeatsBooked', hold, ...places },
      { at: 1_004, what: 'BookingCancelled', ...places, off_sale: true },
      { at: 0, what: 'Unknown' },
    ]);
    for (const secret of secrets) expect(text).not.toContain(secret);
    const rest = await harness.call('GET', `${replay}?after=3`, { token });
    expect(rest.json).toEqual({ steps: [], next: 3, more: false });
  });

  it('asks nothing of the owner of the event', async () => {
    await harness.call('GET', replay, { token: harness.operator('sre') });
    expect(harness.inventory.calls).toEqual([]);
  });

  it('is its organiser’s and the operators’, and nobody else’s', async () => {
    const seen = async (token: string) => (await harness.call('GET', replay, { token })).status;
    expect(await seen(harness.operator('organiser', 'rival'))).toBe(404);
    expect(await seen(harness.operator('support'))).toBe(403);
    expect(await seen((await harness.session()).token)).toBe(403);
    expect((await harness.call('GET', replay)).status).toBe(401);
  });
});
