import { describe, expect, it } from '@jest/globals';
import type { UserId } from '#libs/inventory/ids.js';
import { shuffledMax } from '#libs/room/draw.js';
import { createRoomKeys, entryOf } from '#libs/room/signed.js';
import { House, room } from '#libs/room/testing/house.js';
import { checkPlace, drawnPosition } from './check-place.js';

const brokenIn = async (proof: Parameters<typeof checkPlace>[0]) =>
  (await checkPlace(proof))?.broken;

describe('a place that is checked in the browser', () => {
  it.each([1, 2, 7, 64, shuffledMax + 900])('adds up after a fair draw of %i', async (entrants) => {
    const house = new House(entrants, 0);
    const sizes = [1, 2, 4, 5, entrants].filter((size) => size <= entrants);
    const proof = await house.evidence(sizes.map((size) => house.head(size, size === entrants)));
    expect(await checkPlace(proof)).toEqual({ broken: [], signatures: true });
    expect((await checkPlace(proof, proof.receipt))?.broken).toEqual([]);
    const drawn = { secret: proof.secret!, head: proof.head };
    expect(await drawnPosition(drawn, 0)).toBe(proof.position);
    expect(await drawnPosition(drawn, entrants)).toBeNull();
  });

  it('shows a secret that was swapped, and a position that was changed', async () => {
    const house = new House(50);
    expect(await brokenIn(await house.evidence([], createRoomKeys().secret))).toEqual(['secret']);
    const fair = await house.evidence([]);
    const other = (fair.position! + 1) % 50;
    expect(await brokenIn({ ...fair, position: other })).toEqual(['position']);
    expect(await brokenIn({ ...fair, position: null })).toEqual(['position']);
    expect(await brokenIn({ ...fair, secret: null })).toEqual(['position']);
  });

  it('shows entrants who were changed or added after he had looked (CKP1)', async () => {
    const house = new House(50);
    const [seen, final] = [house.head(20, false), house.head(50, true)];
    house.entries.splice(10, 1, entryOf(room, 'usr_friend' as UserId, 'late'));
    expect(await brokenIn(await house.evidence([seen]))).toEqual(['entrants']);
    const larger = new House(50);
    const before = larger.head(50, true);
    larger.entries.push(entryOf(room, 'usr_friend' as UserId, 'late'));
    expect(await brokenIn(await larger.evidence([before]))).toEqual(['entrants']);
    // A head of another room's key is nobody's.
    expect(await brokenIn(await house.evidence([final]))).toEqual(['entrants']);
  });

  it('shows a receipt that is another than the one he was given', async () => {
    const fair = await new House(50).evidence([]);
    const other = await new House(50).evidence([]);
    expect((await checkPlace(fair, other.receipt))?.broken).toEqual(['receipt']);
  });

  it('shows what the room did not sign, and who is not the entrant', async () => {
    const fair = await new House(50).evidence([]);
    const signature = '00'.repeat(64);
    expect(await brokenIn({ ...fair, receipt: signature })).toEqual(['receipt']);
    expect(await brokenIn({ ...fair, head: { ...fair.head, signature } })).toEqual(['head']);
    expect(await brokenIn({ ...fair, user_id: 'usr_other' })).toEqual(['receipt', 'tree']);
    expect(await brokenIn({ ...fair, index: 60 })).toEqual(['receipt', 'tree', 'position']);
  });
});
