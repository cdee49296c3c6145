import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createRoomKeys } from '#libs/room/signed.js';
import { until } from '#libs/testing/until.js';

import { AdmissionTokens } from '../../room/admission-tokens.js';
import { fakeEventId } from '../../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../../testing/harness.js';
import { LiveClient } from '../../testing/live-client.js';

/** A waiting room that stands before the seat map, and not before holds alone. */
const event = `/v1/events/${fakeEventId}`;
const hourMs = 3_600_000;

let harness: Harness;
let buyer: { userId: string; token: string };
let lines: LiveClient[];

beforeEach(async () => {
  lines = [];
  harness = await startHarness();
  buyer = await harness.session();
});
afterEach(async () => {
  for (const line of lines) line.close();
  await harness.stop();
});

async function open(scope: 'hold' | 'map' = 'map'): Promise<string> {
  const nowMs = Date.now();
  const settings = { opensAtMs: nowMs - 1_000, drawsAtMs: nowMs + hourMs, ratePerMinute: 60 };
  const more = { activeMax: 2, claimMs: 60_000, admissionMs: 60_000, partyMax: 4, scope };
  const room = await harness.rooms.open(fakeEventId, { ...settings, ...more }, createRoomKeys());
  await until(async () => (await serving()).status === 200, 'the gateway knows the room');
  return `${fakeEventId}/${room?.roomNo}`;
}

const serving = () => harness.call('GET', `${event}/queue/serving`);
const seats = (query = '', token?: string) =>
  harness.call('GET', `${event}/seats${query}`, token === undefined ? {} : { token });

/** As the room would sign it. */
function admissionFor(room: string, untilMs: number): string {
  const tokens = new AdmissionTokens([harness.secret]);
  return tokens.sign(room, buyer.userId as never, { party: 2, untilMs });
}

function line(query: string): LiveClient {
  const made = new LiveClient(`${harness.wsUrl}${event}/live${query}`);
  lines.push(made);
  return made;
}

describe('a waiting room before the map', () => {
  it('shows seats, their versions and the live map to the admitted alone', async () => {
    const { headers } = await seats();
    const version = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1] ?? '';
    const room = await open();
    expect((await serving()).json).toMatchObject({ scope: 'map' });
    expect(await seats()).toMatchObject({ status: 403, code: 'map_needs_admission' });
    expect(await harness.call('GET', version)).toMatchObject({ code: 'map_needs_admission' });
    const stranger = line('');
    await stranger.untilFrame('error');
    expect(stranger.frame('error')).toMatchObject({ error: { code: 'map_needs_admission' } });
    const stream = await harness.call('GET', `${event}/live`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(stream).toMatchObject({ status: 403, code: 'map_needs_admission' });

    const query = `?admission=${admissionFor(room, Date.now() + hourMs)}`;
    expect(await seats(query)).toMatchObject({ code: 'map_needs_admission' });
    const other = await harness.session();
    expect(await seats(query, other.token)).toMatchObject({ code: 'admission_invalid' });
    const old = `?admission=${admissionFor(room, Date.now() - 1)}`;
    expect(await seats(old, buyer.token)).toMatchObject({ code: 'admission_expired' });
    const mine = await seats(query, buyer.token);
    expect([mine.status, mine.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    const watching = line(`${query}&token=${buyer.token}`);
    await watching.untilFrame('snapshot');
    // The page of the event is everybody's.
    expect((await harness.call('GET', event)).status).toBe(200);
  });

  it('ends what shows the map when it opens, and later with an admission', async () => {
    const early = line('');
    await early.untilFrame('snapshot');
    const waiting = line('?only=room');
    const room = await open();
    await early.untilFrame('error');
    expect(early.frame('error')).toMatchObject({ error: { code: 'map_needs_admission' } });
    const admission = admissionFor(room, Date.now() + 1_500);
    const watching = line(`?admission=${admission}&token=${buyer.token}`);
    await watching.untilFrame('error');
    expect(watching.frame('error')).toMatchObject({ error: { code: 'admission_expired' } });
    expect(waiting.frame('error')).toBeUndefined();
  });

  it('leaves the map to everybody where it stands before holds alone', async () => {
    const early = line('');
    await early.untilFrame('snapshot');
    await open('hold');
    expect((await seats()).status).toBe(200);
    expect(early.frame('error')).toBeUndefined();
  });
});
