import { describe, expect, it } from '@jest/globals';
import type { Command, CommandId, EventId, UserId } from '#libs/inventory/inventory.js';
import type { CommandBatch, Query } from './wire.js';
import { decodeCommandBatch, encodeCommandBatch } from './wire-codec.js';
import { isUnproven, sealed } from './wire-seal.js';

const key = 'k'.repeat(48);
const book = { type: 'BookHold', holdId: 'rsv_1', bookingId: 'bkg_1', attemptId: 'att_1' } as never;
const release = { type: 'ReleaseHold', holdId: 'rsv_1' } as never;

function batchOf(version: 1 | 2, ...requests: (Command | Query)[]): CommandBatch {
  const items = requests.map((request, i) => ({
    correlation: i + 1,
    eventId: 'evt_1' as EventId,
    commandId: `pay.${i}` as CommandId,
    keyed: true,
    userId: 'usr_1' as UserId,
    deadlineMs: 1_000,
    request,
    trace: '0af7651916cd43dd8448eb211c80319c',
  }));
  return { version, clientId: 'pay', batchNo: 1, items };
}

const unproven = (frame: Uint8Array): boolean =>
  isUnproven(decodeCommandBatch(frame).items, frame, key);

describe('a batch that says what only payments may say', () => {
  const frame = encodeCommandBatch(batchOf(2, release, book));

  it('needs their seal, which others who read version 2 pass over', () => {
    expect(unproven(frame)).toBe(true);
    const proven = sealed(frame, key);
    expect(unproven(proven)).toBe(false);
    expect(decodeCommandBatch(proven)).toEqual(decodeCommandBatch(frame));
  });

  it('is not believed with another key, or with one bit changed', () => {
    expect(unproven(sealed(frame, 'x'.repeat(48)))).toBe(true);
    const proven = sealed(frame, key);
    let believed = 0;
    for (let bit = 0; bit < proven.length * 8; bit += 1) {
      const forged = proven.slice();
      forged[bit >> 3] ^= 1 << (bit & 7);
      const { items } = batchOf(2, book);
      believed += isUnproven(items, forged, key) ? 0 : 1;
    }
    expect(believed).toBe(0);
  });

  it('cannot have a seal in version 1', () => {
    const old = encodeCommandBatch({ ...batchOf(1, book) });
    expect(sealed(old, key)).toBe(old);
    expect(unproven(old)).toBe(true);
  });

  it('is any of the four, and no other', () => {
    const kinds = ['BeginPayment', 'BookHold', 'CancelBooking', 'FailPayment'];
    const others = ['HoldSeats', 'ExtendHold', 'ReleaseHold', 'OpenSale', 'GetSeatMap'];
    const refused = [...kinds, ...others].filter((type) => {
      const [item] = batchOf(2, book).items;
      const request = { type } as Command;
      return isUnproven([{ ...item, request }], frame, key);
    });
    expect(refused).toEqual(kinds);
  });
});
