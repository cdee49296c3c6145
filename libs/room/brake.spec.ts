import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { Brake } from './brake.js';

const slow = { ownerMs: limits.roomOwnerSlowMs, paymentsMs: null };
const stuck = { ownerMs: limits.roomOwnerSlowMs * limits.roomStopFactor, paymentsMs: null };
const calm = { ownerMs: 1, paymentsMs: 1 };

describe('the brake of a waiting room', () => {
  const looks = (brake: Brake, times: { ownerMs: number; paymentsMs: number | null }, most = 1) => {
    let percent = brake.percent as number;
    for (let i = 0; i < most; i += 1) percent = brake.look(times, 0);
    return percent;
  };

  it('slows down and stops when answers are slow again and again, not once (BRK1)', () => {
    const brake = new Brake();
    expect(looks(brake, stuck, limits.roomSlowLooks - 1)).toBe(100);
    expect(looks(brake, calm)).toBe(100);
    expect(looks(brake, slow, limits.roomSlowLooks)).toBe(50);
    expect(looks(brake, slow, 100)).toBe(50);
    expect(looks(brake, stuck, limits.roomSlowLooks)).toBe(0);
  });

  it('goes by payments as well, and not by what nobody says (BRK3)', () => {
    const paymentsMs = limits.roomPaymentsSlowMs;
    expect(looks(new Brake(), { ownerMs: 1, paymentsMs }, limits.roomSlowLooks)).toBe(50);
    expect(looks(new Brake(), { ownerMs: 1, paymentsMs: null }, 100)).toBe(100);
  });

  it('lets go by one step at a time, each after a calm (BRK2)', () => {
    const brake = new Brake();
    looks(brake, stuck, limits.roomSlowLooks);
    expect(brake.look(calm, 1_000)).toBe(0);
    expect(brake.look(calm, 999 + limits.roomCalmMs)).toBe(0);
    expect(brake.look(calm, 1_000 + limits.roomCalmMs)).toBe(50);
    // Neither slow nor calm: the calm begins anew.
    expect(brake.look({ ownerMs: 0.6 * limits.roomOwnerSlowMs, paymentsMs: null }, 5_000)).toBe(50);
    expect(brake.look(calm, 1_000 + 2 * limits.roomCalmMs)).toBe(50);
    expect(brake.look(calm, 1_000 + 3 * limits.roomCalmMs)).toBe(100);
  });
});
