import type * as Catalogues from '#apps/gateway/testing/fake-catalogue.js';
import type * as Inventories from '#apps/gateway/testing/fake-inventory.js';
import type { Harness } from '#apps/gateway/testing/harness.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { moduleOf } from '../turns/sold-event.js';

/** Of each: a theatre. */
const otherSeats = 1_000;

/** From 0. */
export const otherEventId = (index: number): EventId => `evt_other${index}` as EventId;

/**
 * Has the gateway know `count` events more, all of one plan, that nobody has asked for yet. Their
 * owner is in memory, and answers at once.
 */
export async function addOtherEvents(root: string, harness: Harness, count: number): Promise<void> {
  const folder = 'apps/gateway/testing';
  const { FakeCatalogue } = await moduleOf<typeof Catalogues>(root, `${folder}/fake-catalogue.js`);
  const { FakeInventory } = await moduleOf<typeof Inventories>(root, `${folder}/fake-inventory.js`);
  const others = new Map(
    Array.from({ length: count }, (_, index) => {
      const id = otherEventId(index);
      const answerNow = (done: () => void): void => done();
      return [id, new FakeInventory(harness.far, id, otherSeats, [100], answerNow)] as const;
    }),
  );
  harness.inventory.override = (call) => {
    let result: CallResult | null = null;
    others.get(call.eventId)?.send(call, (answer) => (result = answer));
    return result;
  };
  const hash = 'b'.repeat(64);
  const plan = new FakeCatalogue(otherSeats, 100);
  const layout = { ...plan.layout, hash, layout: { ...plan.layout.layout, hash } };
  const detail = { ...plan.detail, layoutHash: hash };
  const { catalogue } = harness;
  const of = {
    event: catalogue.eventOf.bind(catalogue),
    layout: catalogue.layoutOf.bind(catalogue),
    hash: catalogue.layoutOfHash.bind(catalogue),
  };
  catalogue.eventOf = (eventId) =>
    others.has(eventId) ? Promise.resolve({ ...detail, eventId }) : of.event(eventId);
  catalogue.layoutOf = (eventId) =>
    others.has(eventId) ? Promise.resolve(layout) : of.layout(eventId);
  catalogue.layoutOfHash = (asked) => (asked === hash ? Promise.resolve(layout) : of.hash(asked));
}
