import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { LineEars, Opening } from './live-connection.js';
import { RoomLine } from './room-line.js';
import { FakeLine } from './testing/fake-line.js';

function scene(oneWay = false) {
  const clock = new VirtualClock();
  const lines: FakeLine[] = [];
  const heard: string[] = [];
  const ports = {
    open: ({ path, token }: Opening, ears: LineEars) => {
      const line = new FakeLine(path, token, ears);
      lines.push(line);
      const end = () => void (line.open = false);
      return oneWay ? { end } : { end, send: (text: string) => void line.said.push(text) };
    },
    after: clock.after.bind(clock),
    random: () => 0.5,
    nowMs: () => clock.nowMs(),
  };
  const room = new RoomLine('evt_x', ports, {
    onRoom: ({ serving }) => void heard.push(`serving ${serving}`),
    onLive: (live) => void heard.push(live ? 'live' : 'not live'),
  });
  room.open();
  const last = (): FakeLine => lines[lines.length - 1];
  return { clock, lines, last, heard, room };
}

describe('a line to a waiting room', () => {
  it('brings how it goes on, and nothing of a map', () => {
    const { last, heard } = scene();
    expect(last()).toMatchObject({ path: '/v1/events/evt_x/live?only=room', token: null });
    last().frame({ type: 'room', serving: 3 });
    last().frame({ type: 'pong', version: 0 });
    last().frame({ type: 'something_new' });
    last().frame({ type: 'room', serving: 4 });
    expect(heard).toEqual(['live', 'serving 3', 'serving 4']);
  });

  it('comes back by itself, and hears nothing of the line before (RML1)', async () => {
    const { clock, lines, last, heard } = scene();
    const [first] = lines;
    first.frame({ type: 'room', serving: 3 });
    first.close();
    await clock.advance(499);
    expect(lines).toHaveLength(1);
    await clock.advance(1);
    expect(lines).toHaveLength(2);
    first.frame({ type: 'room', serving: 9 });
    first.close();
    last().close();
    await clock.advance(999);
    expect(lines).toHaveLength(2);
    await clock.advance(1);
    last().frame({ type: 'room', serving: 4 });
    expect(heard).toEqual(['live', 'serving 3', 'not live', 'live', 'serving 4']);
  });

  it('comes back when it was told to and never earlier (RML2)', async () => {
    const { clock, lines, last } = scene();
    last().error('shutting_down', { retry_after_ms: 7_000 });
    last().close();
    await clock.advance(6_999);
    expect(lines).toHaveLength(1);
    await clock.advance(1);
    expect(lines).toHaveLength(2);
    last().refuse('overloaded', { retry_after_ms: 5_000 });
    await clock.advance(4_999);
    expect(lines).toHaveLength(2);
    await clock.advance(2_000);
    expect(lines).toHaveLength(3);
  });

  it('is taken anew when nobody answers (RML3), but for one that cannot be asked', async () => {
    const { clock, lines, last, heard } = scene();
    last().frame({ type: 'room', serving: 3 });
    await clock.advance(25_000);
    expect(last().said).toEqual(['{"type":"ping"}', '{"type":"ping"}']);
    last().frame({ type: 'pong', version: 0 });
    await clock.advance(30_000);
    expect(lines).toHaveLength(1);
    await clock.advance(30_000);
    expect(lines.length).toBeGreaterThan(1);
    expect(heard.at(-1)).toBe('not live');
    const stream = scene(true);
    stream.last().frame({ type: 'room', serving: 3 });
    await stream.clock.advance(600_000);
    expect(stream.lines).toHaveLength(1);
  });

  it('ends for good when it is closed', async () => {
    const { clock, lines, last, room } = scene();
    last().close();
    room.close();
    await clock.advance(60_000);
    expect(lines).toHaveLength(1);
    expect(last().open).toBe(false);
  });
});
