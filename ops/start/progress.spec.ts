import { describe, expect, it } from '@jest/globals';
import { TerminalProgress } from './progress.js';

function screenOf(isTTY: boolean, columns?: number) {
  let text = '';
  return {
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    write: (part: string) => (text += part),
    text: () => text,
  };
}

/** Starts a step that ends when `end` is called, on a clock that the test moves. */
function slowStep(screen: ReturnType<typeof screenOf>, title: string) {
  const clock = { ms: 0 };
  const progress = new TerminalProgress(screen, () => clock.ms);
  let end: (value: string) => void = () => undefined;
  const done = progress.step(
    title,
    () => new Promise<string>((resolve) => (end = resolve)),
    (result) => `${title}: ${result}`,
  );
  return { clock, progress, end: (value: string) => end(value), done };
}

describe('the progress of a start', () => {
  it('says nothing but the end of a step that is quick', async () => {
    const screen = screenOf(false);
    const { progress, clock, end, done } = slowStep(screen, 'postgres');
    clock.ms = 1_999;
    progress.draw();
    end('ready');
    expect(await done).toBe('ready');
    expect(screen.text()).toBe('postgres: ready\n');
  });

  it('notes a slow step after two seconds, then seldom, without a terminal', async () => {
    const screen = screenOf(false);
    const { progress, clock, end, done } = slowStep(screen, 'postgres');
    for (const ms of [2_000, 2_200, 11_900, 12_000, 12_200]) {
      clock.ms = ms;
      progress.draw();
    }
    end('ready');
    await done;
    expect(screen.text()).toBe('postgres (2 s) ...\npostgres (12 s) ...\npostgres: ready\n');
  });

  it('rewrites one line on a terminal, and leaves nothing of it behind', async () => {
    const screen = screenOf(true, 40);
    const { progress, clock, end, done } = slowStep(screen, 'postgres');
    clock.ms = 2_000;
    progress.draw();
    clock.ms = 3_000;
    progress.draw();
    end('ready');
    await done;
    expect(screen.text()).toBe('postgres (2 s)\r\x1b[Kpostgres (3 s)\r\x1b[Kpostgres: ready\n');
  });

  it('cuts the line to a narrow terminal, so that it never wraps', async () => {
    const screen = screenOf(true, 12);
    const { progress, clock, end, done } = slowStep(screen, 'installing the server');
    clock.ms = 2_000;
    progress.draw();
    expect(screen.text()).toBe('installing…');
    end('ready');
    await done;
  });

  it('lets a failing step fail', async () => {
    const progress = new TerminalProgress(screenOf(false));
    await expect(
      progress.step('postgres', () => Promise.reject(new Error('no space'))),
    ).rejects.toThrow('no space');
  });

  it('shows no secret and no control code of what it was told', () => {
    const screen = screenOf(false);
    new TerminalProgress(screen).say('nats       nats://s3cr3t@host:4222 (NATS_URL)\u001b[2J');
    expect(screen.text()).toBe(
      `nats       nats://***@host:4222 (NATS_URL)${String.raw`\u001b[2J`}\n`,
    );
  });
});
