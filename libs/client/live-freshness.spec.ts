import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { LiveConnection, type LineEars, type LiveOptions } from './live-connection.js';
import { LiveMap } from './live-map.js';
import { ServerClock } from './server-clock.js';
import { FakeLine } from './testing/fake-line.js';

const tenMinutesMs = 600_000;

/** What may be shown of a map, and when (CM7, CM8). */
describe('a live connection whose map may be old', () => {
  let clock: VirtualClock;
  let lines: FakeLine[];
  let states: string[];
  let oneWay: boolean;
  let map: LiveMap;
  let connection: LiveConnection;
  const last = (): FakeLine => lines[lines.length - 1];
  const shown = () => [0, 1].map((seat) => map.shownWord(seat));

  function connect(more: LiveOptions = {}): void {
    const ports = {
      open: ({ path, token }: { path: string; token: string | null }, ears: LineEars) => {
        const line = new FakeLine(path, token, ears);
        lines.push(line);
        const end = () => void (line.open = false);
        return oneWay ? { end } : { end, send: (text: string) => void line.said.push(text) };
      },
      after: clock.after.bind(clock),
      random: () => 0.5,
      nowMs: () => clock.nowMs(),
    };
    map = new LiveMap();
    const pace = { firstMs: 100, mostMs: 4_000 };
    const options = { pace, pulseMs: 1_000, pulsesMax: 3, probeMs: 400, ...more };
    const onState = (state: string) => void states.push(`${state} ${shown().join(' ')}`);
    connection = new LiveConnection('evt_x', map, ports, { onState }, options);
    connection.open();
  }

  beforeEach(() => {
    clock = new VirtualClock();
    lines = [];
    states = [];
    oneWay = false;
  });

  it('shows no seat from the loss of a line until another has brought the difference', async () => {
    connect();
    last().snapshot(4, 'fb');
    last().close();
    await clock.advance(100);
    expect(last().path).toContain('version=4');
    expect(shown()).toEqual(['unknown', 'unknown']);
    expect(map.wordOf(0)).toBe('free');
    last().diff(4, 9, [[0, 'h']], { holds_unknown: true });
    expect(states).toEqual([
      'connecting unknown unknown',
      'live free booked',
      'offline unknown unknown',
      'connecting unknown unknown',
      'live held booked',
    ]);
  });

  it('shows nothing at a gateway that is a moment behind until that has caught up', async () => {
    connect();
    last().snapshot(7, 'hb');
    last().close();
    await clock.advance(100);
    last().frame({ type: 'pong', version: 5 });
    expect(connection.state).toBe('connecting');
    last().diff(7, 7, [], { holds_unknown: true });
    expect(shown()).toEqual(['held', 'booked']);
  });

  it('takes the map of a restored server, whose version is older', async () => {
    connect();
    last().snapshot(90, 'bb');
    last().close();
    await clock.advance(100);
    last().snapshot(3, 'fb');
    expect(map.version).toBe(3);
    expect(shown()).toEqual(['free', 'booked']);
  });

  it('is behind while a gap is open', () => {
    connect();
    last().snapshot(4, 'ff');
    last().diff(5, 6, [[0, 'h']]);
    expect(connection.state).toBe('behind');
    expect(shown()).toEqual(['unknown', 'unknown']);
    last().diff(4, 6, [[0, 'h']]);
    expect(connection.state).toBe('live');
  });

  it('asks again when a frame came twice, and the map is right', () => {
    connect();
    last().snapshot(4, 'ff');
    last().diff(4, 5, [[0, 'h']]);
    last().diff(4, 5, [[0, 'h']]);
    expect(last().said).toEqual(['{"type":"resume","version":5}']);
    last().diff(5, 5, [], { holds_unknown: true });
    expect(shown()).toEqual(['held', 'free']);
  });

  it('notices by the answer to a ping that the last change was lost', async () => {
    connect();
    last().snapshot(4, 'ff');
    await clock.advance(1_000);
    last().frame({ type: 'pong', version: 6 });
    expect(connection.state).toBe('behind');
    expect(last().said).toEqual(['{"type":"ping"}', '{"type":"resume","version":4}']);
    last().diff(4, 6, [[1, 'b']]);
    expect(shown()).toEqual(['free', 'booked']);
  });

  it('is behind as soon as one ping has no answer, and live again with it', async () => {
    connect();
    last().snapshot(4, 'ff');
    await clock.advance(1_999);
    expect(connection.state).toBe('live');
    await clock.advance(1);
    expect(connection.state).toBe('behind');
    last().frame({ type: 'pong', version: 4 });
    expect(connection.state).toBe('live');
    expect(lines).toHaveLength(1);
  });

  it('believes nothing after ten minutes of sleep, and takes a new line', async () => {
    connect();
    last().snapshot(4, 'ff');
    await clock.advance(500);
    clock.jump(tenMinutesMs);
    await clock.advance(500);
    expect(connection.state).toBe('behind');
    expect(shown()).toEqual(['unknown', 'unknown']);
    await clock.advance(400);
    expect(connection).toMatchObject({ state: 'offline', reconnects: 1 });
    await clock.advance(100);
    expect(last().path).toContain('version=4');
  });

  it('keeps the line after a sleep when it still lives', async () => {
    connect();
    last().snapshot(4, 'ff');
    clock.jump(tenMinutesMs);
    await clock.advance(1_100);
    last().frame({ type: 'pong', version: 4 });
    await clock.advance(800);
    expect(lines).toHaveLength(1);
    expect(shown()).toEqual(['free', 'free']);
  });

  it('comes back at once when the network does, however long its own wait would be', async () => {
    connect();
    last().snapshot(4, 'ff');
    for (let tries = 0; tries < 6; tries += 1) {
      last().close();
      await clock.advance(4_000);
    }
    last().close();
    const before = lines.length;
    connection.wake();
    expect(lines).toHaveLength(before + 1);
    expect(connection.state).toBe('connecting');
    connection.wake();
    expect(lines).toHaveLength(before + 1);
  });

  it('waits for the time it was told also when it is woken (CM5)', async () => {
    connect();
    last().snapshot(4, 'ff');
    last().error('shutting_down', { retry_after_ms: 700 });
    last().close();
    connection.wake();
    await clock.advance(699);
    expect(lines).toHaveLength(1);
    await clock.advance(1);
    expect(lines).toHaveLength(2);
  });

  it('takes a line that goes one way anew when it is woken after a silence', async () => {
    oneWay = true;
    connect();
    last().snapshot(4, 'ff');
    connection.wake();
    expect(connection.state).toBe('live');
    await clock.advance(1_500);
    connection.wake();
    expect(connection.state).toBe('offline');
  });

  it('tells a clock what time it is at the server', async () => {
    const server = new ServerClock(() => clock.nowMs());
    connect({ clock: server });
    last().snapshot(4, 'ff');
    await clock.advance(1_020);
    last().frame({ type: 'pong', version: 4, now_ms: clock.nowMs() + 3_600_000 - 10 });
    expect(server.nowMs() - clock.nowMs()).toBe(3_599_990);
    expect(server.slackMs).toBe(21);
  });
});
