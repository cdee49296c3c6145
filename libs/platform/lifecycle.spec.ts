import { beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.js';
import { createLifecycle, type HostProcess, type Lifecycle } from './lifecycle.js';
import { silentLog } from './log.js';

class FakeProcess implements HostProcess {
  readonly codes: number[] = [];
  private readonly listeners = new Map<string, (detail: unknown) => void>();
  private onExit: (() => void) | null = null;

  on(name: string, listener: (detail: unknown) => void): void {
    this.listeners.set(name, listener);
  }

  exit(code: number): void {
    this.codes.push(code);
    this.onExit?.();
  }

  happens(name: string, detail: unknown = name): void {
    this.listeners.get(name)?.(detail);
  }

  hears(name: string): boolean {
    return this.listeners.has(name);
  }

  exited(): Promise<void> {
    return new Promise((resolve) => {
      this.onExit = resolve;
      if (this.codes.length > 0) resolve();
    });
  }
}

describe('the end of a process', () => {
  let host: FakeProcess;
  let lifecycle: Lifecycle;
  let order: string[];

  beforeEach(() => {
    host = new FakeProcess();
    lifecycle = createLifecycle({ log: silentLog(), clock: systemClock, stopWithinMs: 500, host });
    order = [];
  });

  const note = (name: string) => () => void order.push(name);

  it('closes what was opened first last, each when the one before has ended', async () => {
    lifecycle.onStop('pool', 1_000, note('pool'));
    lifecycle.onStop('server', 1_000, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('server');
    });
    expect(lifecycle.stopping).toBe(false);
    expect(await lifecycle.stop('test')).toBe(true);
    expect(lifecycle.stopping).toBe(true);
    expect(order).toEqual(['server', 'pool']);
  });

  it('is not what SIGHUP means, which would end a process that does not listen', () => {
    lifecycle.handleSignals();
    host.happens('SIGHUP');
    expect([host.hears('SIGHUP'), lifecycle.stopping, host.codes]).toEqual([true, false, []]);
  });

  it('runs the steps once, however often it is asked', async () => {
    lifecycle.onStop('pool', 1_000, note('pool'));
    expect(await Promise.all([lifecycle.stop('a'), lifecycle.stop('b')])).toEqual([true, true]);
    await lifecycle.stop('c');
    expect(order).toEqual(['pool']);
  });

  it('goes on after a step that fails or is too slow, and tells', async () => {
    lifecycle.onStop('pool', 1_000, note('pool'));
    lifecycle.onStop('stuck', 10, () => new Promise(() => undefined));
    lifecycle.onStop('throws', 1_000, () => {
      throw new Error('cannot stop');
    });
    expect(await lifecycle.stop('test')).toBe(false);
    expect(order).toEqual(['pool']);
  });

  it('takes no longer than all steps may together, and begins every one', async () => {
    for (const name of ['first', 'second', 'third']) {
      lifecycle.onStop(name, 400, () => {
        order.push(name);
        return new Promise(() => undefined);
      });
    }
    const startedMs = performance.now();
    expect(await lifecycle.stop('test')).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(800);
    expect(order).toEqual(['third', 'second', 'first']);
  });

  it('follows a signal and exits with 0', async () => {
    lifecycle.onStop('pool', 1_000, note('pool'));
    lifecycle.handleSignals();
    host.happens('SIGTERM');
    await host.exited();
    expect(order).toEqual(['pool']);
    expect(host.codes).toEqual([0]);
  });

  it('exits with 1 when a step failed', async () => {
    lifecycle.onStop('throws', 1_000, () => Promise.reject(new Error('cannot stop')));
    lifecycle.handleSignals();
    host.happens('SIGINT');
    await host.exited();
    expect(host.codes).toEqual([1]);
  });

  it('ends at once at the second signal', () => {
    lifecycle.onStop('stuck', 200, () => new Promise(() => undefined));
    lifecycle.handleSignals();
    host.happens('SIGTERM');
    expect(host.codes).toEqual([]);
    host.happens('SIGTERM');
    expect(host.codes).toEqual([1]);
  });

  it('hurries what can be hurried at the second signal, and ends at the third', async () => {
    let end = (): void => undefined;
    lifecycle.onStop('stuck', 400, () => new Promise(() => undefined));
    lifecycle.onStop(
      'patient',
      400,
      () => new Promise<void>((resolve) => (end = resolve)),
      () => {
        order.push('hurried');
        end();
      },
    );
    lifecycle.onStop('first', 400, note('first'));
    lifecycle.handleSignals();
    host.happens('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
    host.happens('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
    expect([order, host.codes]).toEqual([['first', 'hurried'], []]);
    host.happens('SIGTERM');
    expect(host.codes).toEqual([1]);
  });

  it('ends with 1 when nobody caught an error', () => {
    lifecycle.handleSignals();
    host.happens('uncaughtException', new Error('a bug'));
    host.happens('unhandledRejection', new Error('another'));
    expect(host.codes).toEqual([1, 1]);
  });
});
