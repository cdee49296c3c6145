import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFeatures, lookUpFeatures, refusalFeatures } from './append.features.js';
import {
  commitUnknownFeatures,
  contestFeatures,
  doubtFeatures,
  takenRowFeatures,
  takeOverFeatures,
} from './fence.features.js';
import { projectionFeatures, saleFeatures } from './rows.features.js';
import { chainFeatures, ownershipFeatures, snapshotFeatures } from './stores.features.js';
import type { Feature, JournalHarness, Place } from '../journal-place.js';
import { nextEventId } from './journal.fixtures.js';
import type { StoredBatch } from '../journal.js';

/** What every implementation of the journal port must do. Run by a spec of each. */
export function describeJournal(name: string, open: () => Promise<JournalHarness>): void {
  describe(name, () => {
    let harness: JournalHarness;
    let place: Place;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());
    beforeEach(async () => {
      place = await newPlace(harness);
    });
    afterEach(() => place.writer.close());

    const feature: Feature = (title, body) => it(title, () => body(place));
    describe('append', () => appendFeatures(feature));
    describe('look-ups', () => lookUpFeatures(feature));
    describe('append refuses', () => refusalFeatures(feature));
    describe('take over', () => takeOverFeatures(feature));
    describe('the row that is taken', () => takenRowFeatures(feature));
    describe('a contest', () => contestFeatures(feature));
    describe('commit unknown', () => commitUnknownFeatures(feature));
    describe('a writer in doubt', () => doubtFeatures(feature));
    describe('rows that belong to a batch', () => projectionFeatures(feature));
    describe('sales', () => saleFeatures(feature));
    describe('ownership', () => ownershipFeatures(feature));
    describe('snapshots', () => snapshotFeatures(feature));
    describe('the hash chain', () => chainFeatures(feature));
  });
}

async function newPlace(harness: JournalHarness): Promise<Place> {
  const { journal } = harness;
  const writer = await journal.openWriter('shard-a');
  const newEvent: Place['newEvent'] = async (wakeAtMs) => {
    const id = nextEventId();
    await harness.register(id, wakeAtMs ?? null);
    return id;
  };
  return {
    harness,
    journal,
    writer,
    eventId: await newEvent(),
    newEvent,
    async appendOk(...batches) {
      expect(await writer.append(batches)).toEqual(batches.map(() => 'appended'));
    },
    async batchesOf(id) {
      const all: StoredBatch[] = [];
      for await (const batch of journal.read(id, 0)) all.push(batch);
      return all;
    },
  };
}
