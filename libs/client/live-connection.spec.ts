import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorCodes, errorTable } from '#libs/contracts/errors.js';
import type { HoldFrame } from '#libs/contracts/live-frames.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { LiveConnection, type LineEars, type LiveOptions } from './live-connection.js';
import { LiveMap } from './live-map.js';
import { FakeLine } from './testing/fake-line.js';

const options: LiveOptions = {
  pace: { firstMs: 100, mostMs: 400 },
  pulseMs: 1_000,
  pulsesMax: 3,
};

describe('a live connection', () => {
  let clock: VirtualClock;
  let lines: FakeLine[];
  let oneWay: boolean;
  let heard: string[];
  let map: LiveMap;
  let connection: LiveConnection;

  const last = (): FakeLine => lines[lines.length - 1];
  const resumes = (line: FakeLine) => line.said.filter((text) => text.includes('resume'));

  function connect(more: LiveOptions = {}): LiveConnection {
    const ports = {
      open: (opening: { path: string; token: string | null }, ears: LineEars) => {
        const line = new FakeLine(opening.path, opening.token, ears);
        lines.push(line);
        const end = () => void (line.open = false);
        return oneWay ? { end } : { end, send: (text: string) => void line.said.push(text) };
      },
      after: clock.after.bind(clock),
      random: () => 0.5,
      nowMs: () => clock.nowMs(),
    };
    const listener = {
      onMap: (_frame: object, fits: boolean) => void heard.push(fits ? 'map' : 'gap'),
      onHold: (frame: HoldFrame) => void heard.push(`${frame.reservation_id} ${frame.status}`),
      onHoldsUnknown: () => void heard.push('holds unknown'),
      onState: (state: string) => void heard.push(state),
    };
    map = new LiveMap();
    connection = new LiveConnection('evt_x', map, ports, listener, { ...options, ...more });
    connection.open();
    return connection;
  }

  beforeEach(() => {
    clock = new VirtualClock();
    lines = [];
    heard = [];
    oneWay = false;
  });

  it('opens one line, shows its map and passes on private frames', () => {
    connect({ token: 't1' });
    expect(last()).toMatchObject({ path: '/v1/events/evt_x/live', token: 't1' });
    last().snapshot(4, 'ff');
    last().frame({ type: 'hold', reservation_id: 'r1', status: 'held', expires_at: '' });
    last().frame({ type: 'weather', sunny: true });
    last().diff(4, 6, [[1, 'h']]);
    expect(map).toMatchObject({ version: 6, statuses: 'fh' });
    expect(heard).toEqual(['connecting', 'map', 'live', 'r1 held', 'map']);
  });

  it('comes back with the version it has, and asks for what private frames it missed', async () => {
    connect();
    last().snapshot(4, 'ff');
    last().close();
    expect(connection).toMatchObject({ state: 'offline', reconnects: 1 });
    await clock.advance(100);
    expect(last().path).toBe('/v1/events/evt_x/live?version=4');
    heard.length = 0;
    last().diff(4, 5, [[0, 'b']], { holds_unknown: true });
    expect(heard).toEqual(['map', 'live', 'holds unknown']);
    expect(map.statuses).toBe('bf');
  });

  it('takes a second snapshot for one that lost private frames', () => {
    connect();
    last().snapshot(4, 'ff');
    heard.length = 0;
    last().snapshot(9, 'bb');
    expect(heard).toEqual(['map', 'holds unknown']);
  });

  describe('with a source of tokens', () => {
    /** The tokens it gave, each with what it was told of the one before. */
    let given: string[];
    const source = (refused: boolean): Promise<string> => {
      given.push(`t${given.length + 1}${refused ? ' after a refusal' : ''}`);
      return Promise.resolve(`t${given.length}`);
    };

    beforeEach(() => {
      given = [];
    });

    it('comes back with a new one when the old has run out, and keeps its map', async () => {
      connect({ token: source });
      await clock.advance(1);
      last().snapshot(4, 'fh');
      last().error('token_expired');
      last().close('closed with 4401');
      expect(connection).toMatchObject({ state: 'offline', problem: 'token_expired' });
      await clock.advance(100);
      expect(last()).toMatchObject({ path: '/v1/events/evt_x/live?version=4', token: 't2' });
      last().diff(4, 5, [[0, 'b']], { holds_unknown: true });
      expect([map.statuses, given]).toEqual(['bh', ['t1', 't2 after a refusal']]);
      last().close();
      await clock.advance(100);
      expect(given.at(-1)).toBe('t3');
    });

    it('does not hammer a gateway that refuses every one', async () => {
      connect({ token: source });
      await clock.advance(1);
      for (const waitMs of [100, 200, 400, 400]) {
        const tries = lines.length;
        last().refuse('unauthorized');
        await clock.advance(waitMs - 1);
        expect(lines).toHaveLength(tries);
        await clock.advance(1);
        expect(lines).toHaveLength(tries + 1);
      }
    });

    it('tries again later when there is none to be had', async () => {
      let broken = true;
      connect({
        token: () => (broken ? Promise.reject(new Error('no network')) : Promise.resolve('t')),
      });
      await clock.advance(1);
      expect([lines, connection.state]).toEqual([[], 'offline']);
      expect(connection.problem).toBe('no token could be had');
      broken = false;
      await clock.advance(100);
      expect(last().token).toBe('t');
    });

    it('opens nothing when it was closed meanwhile', async () => {
      connect({ token: source });
      connection.close();
      await clock.advance(1_000);
      expect([lines, connection.state]).toEqual([[], 'ended']);
    });
  });

  it('ends with a token that it cannot renew', async () => {
    connect({ token: 't1' });
    last().snapshot(4, 'ff');
    last().error('token_expired');
    last().close('closed with 4401');
    await clock.advance(60_000);
    expect([lines.length, connection.state]).toEqual([1, 'ended']);
  });

  it('waits longer from try to try up to a bound, and begins anew once it went well', async () => {
    connect();
    for (const waitMs of [100, 200, 400, 400]) {
      const tries = lines.length;
      last().close();
      await clock.advance(waitMs - 1);
      expect(lines).toHaveLength(tries);
      await clock.advance(1);
      expect(lines).toHaveLength(tries + 1);
    }
    last().snapshot(1, 'f');
    last().close();
    await clock.advance(100);
    expect(lines).toHaveLength(6);
  });

  it('comes back when it was told to, not earlier and not later (CM5)', async () => {
    connect();
    last().snapshot(4, 'ff');
    last().error('shutting_down', { retry_after_ms: 730 });
    last().close('closed with 1001');
    expect(connection.problem).toBe('shutting_down');
    await clock.advance(729);
    expect(lines).toHaveLength(1);
    await clock.advance(1);
    expect(lines).toHaveLength(2);
  });

  it('spreads a time that every refused client is told', async () => {
    connect();
    last().refuse('overloaded', { retry_after_ms: 1_000 });
    await clock.advance(1_249);
    expect(lines).toHaveLength(1);
    await clock.advance(1);
    expect(lines).toHaveLength(2);
  });

  it('stays away just from what would be answered the same another time', () => {
    const closing = errorCodes.filter((code) => errorTable[code].wsCloseCode !== undefined);
    const final: string[] = [];
    for (const code of closing) {
      connect();
      last().error(code);
      last().close();
      if (connection.state === 'ended') final.push(code);
      connection.close();
    }
    expect(final).toEqual(closing.filter((code) => !errorTable[code].retry));
    expect(final).toContain('event_not_found');
  });

  it('mends a gap with one resume, and drops what comes before the answer (G6)', () => {
    connect();
    last().snapshot(4, 'ffff');
    last().diff(5, 6, [[0, 'h']]);
    last().diff(6, 7, [[1, 'h']]);
    expect(resumes(last())).toEqual(['{"type":"resume","version":4}']);
    expect(map).toMatchObject({ version: 4, statuses: 'ffff' });
    last().diff(4, 7, [
      [0, 'h'],
      [1, 'h'],
    ]);
    last().diff(7, 8, [[2, 'b']]);
    expect(map).toMatchObject({ version: 8, statuses: 'hhbf' });
    last().diff(9, 10, []);
    expect(resumes(last())).toHaveLength(2);
    expect(lines).toHaveLength(1);
  });

  it('asks for a whole map when a resume does not mend the gap (CM4)', async () => {
    connect();
    last().snapshot(4, 'ff');
    last().diff(5, 6, []);
    for (let i = 6; i < 40; i += 1) {
      last().diff(i, i + 1, []);
      await clock.advance(200);
    }
    expect(lines[0].open).toBe(false);
    expect(lines[1].path).toBe('/v1/events/evt_x/live');
    lines[1].snapshot(40, 'bf');
    lines[1].close();
    await clock.advance(100);
    expect(last().path).toBe('/v1/events/evt_x/live?version=40');
  });

  it('mends a gap of a line that goes one way by a new line', async () => {
    oneWay = true;
    connect();
    last().snapshot(4, 'ff');
    last().diff(5, 6, []);
    expect(lines[0].open).toBe(false);
    await clock.advance(100);
    expect(last().path).toBe('/v1/events/evt_x/live');
  });

  it('gives up a line without a sign of life, and keeps one that answers', async () => {
    connect();
    last().snapshot(4, 'ff');
    for (let i = 0; i < 20; i += 1) {
      await clock.advance(1_000);
      last().frame({ type: 'pong', version: 4 });
    }
    expect(lines).toHaveLength(1);
    expect(last().said).toEqual(Array(20).fill('{"type":"ping"}'));
    await clock.advance(4_000);
    expect(lines[0].open).toBe(false);
    expect(connection.problem).toBe('nothing was heard');
  });

  it('gives up a line that never opens, also one that goes one way', async () => {
    oneWay = true;
    connect();
    await clock.advance(4_100);
    expect(lines).toHaveLength(2);
    last().snapshot(1, 'f');
    await clock.advance(60_000);
    expect(lines).toHaveLength(2);
  });

  it('does not hear a line that it gave up (CM3)', async () => {
    connect();
    last().snapshot(4, 'ff');
    last().close();
    await clock.advance(100);
    last().snapshot(9, 'bb');
    lines[0].diff(9, 10, [[0, 'f']]);
    lines[0].close();
    expect(map).toMatchObject({ version: 9, statuses: 'bb' });
    expect(connection).toMatchObject({ state: 'live', reconnects: 1 });
  });

  it('is over when it is closed, whatever still comes', async () => {
    connect();
    last().snapshot(4, 'ff');
    connection.close();
    expect(last().open).toBe(false);
    last().diff(4, 5, [[0, 'h']]);
    last().close();
    await clock.advance(60_000);
    expect(lines).toHaveLength(1);
    expect(map.version).toBe(4);
    expect(connection.state).toBe('ended');
  });

  it('never shows another map than the gateway had, whatever is lost on the way (G6)', async () => {
    const what = fc.constantFrom('change', 'change', 'lose', 'cut', 'wait');
    const property = fc.asyncProperty(fc.array(what, { maxLength: 60 }), async (steps) => {
      clock = new VirtualClock();
      lines = [];
      connect();
      const history = ['ffff'];
      const now = () => history.length - 1;
      let shown = lines[0];
      const enter = () => {
        const from = /version=(\d+)/.exec(last().path)?.[1];
        if (from === undefined) last().snapshot(now(), history[now()]);
        else last().diff(Number(from), now(), between(history, Number(from)));
        shown = last();
      };
      enter();
      for (const [i, step] of steps.entries()) {
        if (step === 'change' || step === 'lose') {
          const letters = [...history[now()]];
          letters[i % 4] = 'fhbx'[i % 3];
          history.push(letters.join(''));
          if (step === 'change') last().diff(now() - 1, now(), between(history, now() - 1));
        } else if (step === 'cut') last().close();
        await clock.advance(step === 'wait' ? 500 : 0);
        const asked = last()
          .said.splice(0)
          .find((text) => text.includes('resume'));
        if (shown !== last()) enter();
        else if (asked !== undefined && connection.state === 'behind') {
          const { version } = JSON.parse(asked) as { version: number };
          last().diff(version, now(), between(history, version));
        }
        expect(map.statuses).toBe(history[map.version ?? -1]);
      }
      await clock.advance(500);
      if (shown !== last()) enter();
      history.push('xxxx');
      last().diff(now() - 1, now(), between(history, now() - 1));
      const asked = last().said.find((text) => text.includes('resume'));
      if (asked !== undefined) {
        const { version } = JSON.parse(asked) as { version: number };
        last().diff(version, now(), between(history, version));
      }
      expect(map).toMatchObject({ version: now(), statuses: 'xxxx' });
      connection.close();
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

function between(history: readonly string[], from: number): [number, string][] {
  const now = history[history.length - 1];
  return [...now].flatMap((letter, seat): [number, string][] =>
    letter === history[from][seat] ? [] : [[seat, letter]],
  );
}
