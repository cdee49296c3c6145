import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { RoomFrame } from '#libs/contracts/live-frames.js';
import type { Place, Serving } from '../shop.js';
import { placeDoc, servingDoc } from './testing/room-docs.js';
import { WaitingRoom, type JoinAnswer, type RoomEars } from './waiting-room.js';

/** A gateway that answers what is set, and a page that waits. */
function scene(wantsPlace = true) {
  const clock = new VirtualClock(Date.parse('2027-03-01T11:30:00Z'));
  const said = {
    serving: servingDoc({ phase: 'lobby' }) as Serving | null | undefined,
    place: null as Place | null | undefined,
    joined: undefined as JoinAnswer,
  };
  const asked = { serving: 0, place: 0 };
  const drawn = { position: null as number | null };
  const line = { live: false, opened: 0, ears: null as RoomEars | null };
  const room = new WaitingRoom(
    {
      calls: {
        serving: () => (asked.serving++, Promise.resolve(said.serving)),
        place: () => (asked.place++, Promise.resolve(said.place)),
        join: () => Promise.resolve(said.joined),
        lower: (party) => Promise.resolve({ ...placeDoc(), party }),
        leave: () => Promise.resolve({ ...placeDoc(), state: 'over' }),
      },
      position: () => Promise.resolve(drawn.position),
      lineTo: (ears) => {
        line.ears = ears;
        const open = () => void (line.opened += 1);
        const close = () => void (line.opened -= 1);
        return {
          open,
          close,
          get live() {
            return line.live;
          },
        };
      },
      after: (ms, callback) => clock.after(ms, callback),
      nowMs: () => clock.nowMs(),
      random: () => 0.5,
    },
    () => undefined,
    wantsPlace,
  );
  const open = async () => {
    room.open();
    await clock.advance(0);
  };
  const hear = (frame: Partial<RoomFrame>) => {
    if (!line.live) {
      line.live = true;
      line.ears?.onLive(true);
    }
    line.ears?.onRoom({ ...(said.serving as Serving), type: 'room', ...frame });
  };
  return { clock, said, asked, drawn, line, room, open, hear };
}

describe('a page that waits', () => {
  it('asks at the pace of the gateway, a while later each time (WTR1)', async () => {
    const { clock, asked, open } = scene();
    await open();
    expect(asked).toEqual({ serving: 1, place: 1 });
    await clock.advance(12_499);
    expect(asked.serving).toBe(1);
    await clock.advance(1);
    // He has no place, and is asked for none again.
    expect(asked).toEqual({ serving: 2, place: 1 });
  });

  it('asks nobody a second time where there is no room (WTR3)', async () => {
    const { clock, said, asked, room, open } = scene();
    said.serving = null;
    await open();
    await clock.advance(3_600_000);
    room.wake();
    await clock.advance(0);
    expect(asked).toEqual({ serving: 1, place: 0 });
    said.serving = servingDoc({ phase: 'lobby' });
    room.look();
    await clock.advance(0);
    expect(room.known.serving?.phase).toBe('lobby');
  });

  it('keeps what it knows while nobody answers, and goes on asking (WTR2)', async () => {
    const { clock, said, room, open } = scene();
    said.place = placeDoc();
    await open();
    said.serving = undefined;
    said.place = undefined;
    await clock.advance(60_000);
    expect(room.known).toMatchObject({ serving: { phase: 'lobby' }, place: { index: 7 } });
    said.serving = servingDoc({ serving: 3 });
    said.place = placeDoc({ position: 5 });
    await clock.advance(15_000);
    expect(room.known).toMatchObject({ serving: { serving: 3 }, place: { position: 5 } });
  });

  it('asks for his place when he is called, and not before', async () => {
    const { clock, said, asked, room, open } = scene();
    said.serving = servingDoc({ serving: 3 });
    said.place = placeDoc({ position: 5 });
    await open();
    await clock.advance(60_000);
    expect(asked.place).toBe(1);
    said.serving = servingDoc({ serving: 6 });
    said.place = placeDoc({ position: 5, state: 'called', ask_again_ms: 1_000 });
    await clock.advance(15_000);
    expect(room.known.place?.state).toBe('called');
    // Whoever is called asks more often, and not as often as he may.
    const before = asked.serving;
    await clock.advance(9_000);
    expect(asked.serving - before).toBe(2);
  });

  it('is woken at once after a sleep, and not more often than the pace', async () => {
    const { clock, said, asked, room, line, open } = scene();
    said.place = placeDoc();
    await open();
    await clock.advance(9_000);
    room.wake();
    await clock.advance(0);
    expect(asked.serving).toBe(1);
    await clock.advance(1_500);
    room.wake();
    await clock.advance(0);
    expect(asked.serving).toBe(2);
    expect(line.opened).toBe(1);
    room.close();
    expect(line.opened).toBe(0);
    room.wake();
    await clock.advance(60_000);
    expect(asked.serving).toBe(2);
  });

  it('takes a place, and says why there is none', async () => {
    const { clock, said, room, open } = scene();
    await open();
    expect(await room.join(2)).toBe('');
    said.joined = { code: 'room_closed' };
    said.serving = servingDoc({ phase: 'closed' });
    expect(await room.join(2)).toBe('room_closed');
    expect(room.known.serving?.phase).toBe('closed');
    said.joined = placeDoc({ index: 9 });
    expect(await room.join(2)).toBeNull();
    expect(room.known.place?.index).toBe(9);
    await clock.advance(0);
  });

  it('knows nothing of a place in another room', async () => {
    const { clock, said, room, asked, open } = scene();
    said.place = placeDoc({ position: 5 });
    await open();
    said.serving = servingDoc({ room: 'evt_a/2', phase: 'lobby' });
    said.place = null;
    await clock.advance(15_000);
    expect(asked.place).toBe(2);
    expect(room.known.place).toBeNull();
  });

  it('that only leads there asks for no place, and looks rarely at what is far away', async () => {
    const { clock, said, asked, open } = scene(false);
    said.serving = servingDoc({ phase: 'scheduled', opens_at: '2027-03-02T11:00:00Z' });
    await open();
    await clock.advance(74_999);
    expect(asked).toEqual({ serving: 1, place: 0 });
    await clock.advance(1);
    expect(asked).toEqual({ serving: 2, place: 0 });
  });

  it('asks rarely while it hears, and at the pace again when it does not', async () => {
    const { clock, said, asked, line, open, hear } = scene();
    said.place = placeDoc();
    await open();
    hear({ joined: 300 });
    await clock.advance(59_999);
    expect(asked.serving).toBe(1);
    await clock.advance(16_000);
    expect(asked.serving).toBe(2);
    line.live = false;
    line.ears?.onLive(false);
    await clock.advance(12_500);
    expect(asked.serving).toBe(3);
  });

  it('asks for his place at once when it hears that he is called (WTR5)', async () => {
    const { clock, said, asked, room, open, hear } = scene();
    said.serving = servingDoc({ serving: 3 });
    said.place = placeDoc({ position: 5 });
    await open();
    hear({ serving: 5 });
    await clock.advance(20_000);
    expect(asked.place).toBe(1);
    expect(room.known.serving?.serving).toBe(5);
    said.serving = servingDoc({ serving: 6 });
    said.place = placeDoc({ position: 5, state: 'called' });
    hear({ serving: 6 });
    await clock.advance(0);
    expect(asked.place).toBe(2);
    expect(room.known.place?.state).toBe('called');
    for (let serving = 7; serving < 12; serving += 1) hear({ serving });
    await clock.advance(0);
    expect(asked.place).toBe(2);
  });

  it('asks again when it is called while it asks (WTR5)', async () => {
    const { clock, said, asked, room, open, hear } = scene();
    said.serving = servingDoc({ serving: 3 });
    said.place = placeDoc({ position: 5 });
    await open();
    hear({ serving: 4 });
    room.look();
    said.serving = servingDoc({ serving: 6 });
    said.place = placeDoc({ position: 5, state: 'called' });
    hear({ serving: 6 });
    await clock.advance(0);
    expect(asked.place).toBeGreaterThan(1);
    expect(room.known.place?.state).toBe('called');
  });

  it('hears nothing of who is behind (WTR6)', async () => {
    const { clock, said, room, open, hear } = scene();
    said.place = placeDoc();
    await open();
    hear({ phase: 'serving', serving: 4 });
    await clock.advance(12_500);
    expect(room.known.serving).toMatchObject({ phase: 'serving', serving: 4 });
    hear({ phase: 'serving', serving: 3 });
    expect(room.known.serving?.serving).toBe(4);
  });

  it('asks a random while after a draw that everybody heard of (WTR5)', async () => {
    const { clock, said, asked, open, hear } = scene();
    said.place = placeDoc();
    await open();
    said.serving = servingDoc();
    hear({ phase: 'serving' });
    await clock.advance(4_999);
    expect(asked.place).toBe(1);
    await clock.advance(1);
    expect(asked.place).toBe(2);
  });

  it('works out his position from the draw, and asks nobody for it (WTR4)', async () => {
    const { clock, said, asked, drawn, room, open } = scene();
    said.place = placeDoc();
    await open();
    const head = { size: 9, root: '', at: 0, final: true, signature: '' };
    said.serving = servingDoc({ secret: 'ab', head, serving: 2 });
    drawn.position = 4;
    await clock.advance(15_000);
    expect(room.known.place?.position).toBe(4);
    expect(asked.place).toBe(1);
    said.serving = servingDoc({ secret: 'ab', head, serving: 5 });
    said.place = placeDoc({ position: 4, state: 'called' });
    await clock.advance(15_000);
    expect(room.known.place?.state).toBe('called');
    expect(asked.place).toBe(2);
  });

  it('listens from his place on (WTR3)', async () => {
    const { said, line, room, open } = scene();
    await open();
    expect(line.opened).toBe(0);
    said.joined = placeDoc();
    await room.join(2);
    await room.join(2);
    expect(line.opened).toBe(1);
  });
});
