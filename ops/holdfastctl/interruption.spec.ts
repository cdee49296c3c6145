import { describe, expect, it } from '@jest/globals';
import { Interruption } from './interruption.js';

const timers = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('Ctrl-C', () => {
  it('ends a command at once, unless its work looks for it itself', async () => {
    const stop = new AbortController();
    const looking = new Interruption(stop.signal);
    const guarded = new Interruption(stop.signal);
    let ended = false;
    guarded.ended.catch(() => (ended = true));
    const work = guarded.guarded(() => guarded.pause(60_000));
    stop.abort();
    await expect(looking.ended).rejects.toThrow('interrupted');
    await work;
    expect([ended, guarded.happened]).toEqual([false, true]);
  });

  it('leaves work alone that goes on without the command', async () => {
    const stop = new AbortController();
    const interruption = new Interruption(stop.signal);
    const endless = interruption.unlessInterrupted(new Promise<string>(() => undefined));
    stop.abort();
    expect(await endless).toBeNull();
    expect(await interruption.unlessInterrupted(new Promise<string>(() => undefined))).toBeNull();
  });

  it('leaves nothing behind that keeps the process alive when it does not come', async () => {
    const interruption = new Interruption(new AbortController().signal);
    const before = timers();
    expect(await interruption.unlessInterrupted(Promise.resolve('done'))).toBe('done');
    await interruption.pause(1);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
