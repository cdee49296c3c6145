import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './answer-deadline.js';
import { NoPrimary, primaryFinder, type ServerState } from './primary.js';

const primary = (timeline: number): ServerState => ({ inRecovery: false, timeline });
const standby: ServerState = { inRecovery: true, timeline: 0 };
const dead = null;

/** Servers by name, whose states may be changed; what was asked is counted. */
function rig(states: Record<string, ServerState | null>) {
  const world = { states, asked: 0, nowMs: 0 };
  const finder = primaryFinder(Object.keys(states), {
    ask: (url) => {
      world.asked++;
      const state = world.states[url];
      return state === null ? Promise.reject(new Error('refused')) : Promise.resolve(state);
    },
    nowMs: () => world.nowMs,
  });
  return { world, finder };
}

describe('the primary among several servers', () => {
  it('is the one that is not in recovery, wherever it stands (PD1)', async () => {
    expect(await rig({ a: primary(1), b: standby }).finder.find()).toBe('a');
    expect(await rig({ a: standby, b: primary(2) }).finder.find()).toBe('b');
    expect(await rig({ a: dead, b: primary(2), c: standby }).finder.find()).toBe('b');
  });

  it('is of two that say so the one that was promoted last (PD2)', async () => {
    expect(await rig({ a: primary(1), b: primary(2) }).finder.find()).toBe('b');
    expect(await rig({ a: primary(3), b: primary(2), c: dead }).finder.find()).toBe('a');
  });

  it('is never one that was left behind, though the newer one is gone (PD2)', async () => {
    const { world, finder } = rig({ a: primary(1), b: primary(2) });
    expect(await finder.find()).toBe('b');
    world.states = { a: primary(1), b: dead };
    finder.forget();
    await expect(finder.find()).rejects.toThrow('1 left behind, 1 without an answer');
  });

  it('is the newest that anybody found, though an older answer comes later (PD2)', async () => {
    let answerLate = (): void => undefined;
    const late = new Promise<ServerState>((resolve) => (answerLate = () => resolve(primary(1))));
    const ofServers = [late, standby, primary(2), standby];
    const ask = async () => (await ofServers.shift()) ?? standby;
    const finder = primaryFinder(['a', 'b'], { ask, nowMs: () => 0 });
    const first = finder.find();
    finder.forget();
    const second = finder.find();
    expect(await second).toBe('a');
    answerLate();
    await expect(first).rejects.toThrow('a newer primary was found meanwhile');
  });

  it('is looked for again a second later, or when a connection failed (PD3)', async () => {
    const { world, finder } = rig({ a: primary(1), b: standby });
    await finder.find();
    world.states = { a: dead, b: primary(2) };
    world.nowMs = 999;
    expect([await finder.find(), world.asked]).toEqual(['a', 2]);
    world.nowMs = 1_000;
    expect([await finder.find(), world.asked]).toEqual(['b', 4]);
    world.states = { a: primary(3), b: dead };
    finder.forget();
    expect([await finder.find(), world.asked]).toEqual(['a', 6]);
  });

  it('is nobody while none says so, and whoever asks next asks anew', async () => {
    const { world, finder } = rig({ a: standby, b: dead });
    const refusal = await finder.find().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NoPrimary);
    expect(String(refusal)).toContain('1 in recovery, 0 left behind, 1 without an answer');
    expect(isDatabaseAway(refusal)).toBe(true);
    world.states = { a: primary(2), b: dead };
    expect(await finder.find()).toBe('a');
  });

  it('is asked for once by all who connect at the same time', async () => {
    const { world, finder } = rig({ a: primary(1), b: standby });
    expect(await Promise.all([finder.find(), finder.find(), finder.find()])).toEqual([
      'a',
      'a',
      'a',
    ]);
    expect(world.asked).toBe(2);
  });

  it('is a single server without a question (PD4)', async () => {
    const { world, finder } = rig({ a: dead });
    expect([await finder.find(), world.asked]).toEqual(['a', 0]);
  });
});
