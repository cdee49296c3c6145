import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '#libs/contracts/limits.js';
import { SharedLoop, wholeLoop } from '#libs/platform/loop-share.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { readPlanNames } from './plan-names.js';
import { SeatNames } from './seat-names.js';

const bodyOf = (ids: string[], numbers: string[], label: string[]): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      format: 1,
      name: '"rows":{"label":["no"]',
      rows: { label, section: [0] },
      seats: { id: ids, number: numbers, x: [1], y: [2] },
      drawings: [{ text: '],"number":["no"]' }],
    }),
  );

describe('the names of a stored plan', () => {
  it('are those that parsing all of it would give', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', ',', ']', '[', 'é', '€', '\n', 'a') }),
    );
    const names = fc.array(name, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(names, names, names, async (ids, numbers, rowLabels) => {
        const read = await readPlanNames(bodyOf(ids, numbers, rowLabels), wholeLoop);
        expect(read).toEqual({
          ids,
          numbers,
          rowLabels,
          rowPatterns: null,
          seatPatterns: null,
        });
      }),
    );
  });

  it('have the patterns of rows and seats, where the plan has some', async () => {
    const rows = { label: ['5', '6'], row_label: ['Table %s', ''], seat_label: ['', 'No. "%s"'] };
    const seats = { id: ['a'], number: ['1'] };
    const body = Buffer.from(JSON.stringify({ rows: { ...rows, section: [0, 0] }, seats }));
    expect(await readPlanNames(body, wholeLoop)).toMatchObject({
      rowPatterns: rows.row_label,
      seatPatterns: rows.seat_label,
    });
  });

  it('are read, and their table is made, in many turns of the loop', async () => {
    const clock = new VirtualClock();
    let turns = 0;
    const soon = (begin: () => void): void => clock.soon(() => ((turns += 1), begin()));
    const share = new SharedLoop({ soon, monotonicMs: () => 0 }, limits.rowUnitsPerTurn, 1);
    const ids = Array.from({ length: 50_000 }, (_, seat) => `seat ${seat}`);
    const numbers = ids.map(() => '1');
    const made = readPlanNames(bodyOf(ids, numbers, ['A']), share).then((names) =>
      SeatNames.inPieces(names.ids, share),
    );
    await clock.advance(1);
    const names = await made;
    expect(turns).toBeGreaterThan(50_000 / limits.rowUnitsPerTurn);
    expect([names.find('seat 49999'), names.find('seat 50000')]).toEqual([49_999, -1]);
  });
});
