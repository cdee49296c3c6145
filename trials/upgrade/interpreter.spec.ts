import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiAnswer, ApiRequest } from '#libs/client/rest-client.js';
import { Interpreter } from './interpreter.js';

const gateway = new URL('http://127.0.0.1:1');
const other = new URL('http://127.0.0.1:2');
const hold: ApiRequest = {
  method: 'POST',
  path: '/v1/reservations',
  key: 'k1',
  body: { event_id: 'evt_x', seat_ids: ['A-1'] },
};

describe('the interpreter between two releases', () => {
  let interpreter: Interpreter;
  let sent: ApiRequest[];
  let knows: 'seats' | 'seat_ids';

  beforeEach(() => {
    interpreter = new Interpreter();
    sent = [];
    knows = 'seats';
  });

  /** A gateway that knows one of the two words, and answers with it. */
  const send = (request: ApiRequest): Promise<ApiAnswer> => {
    sent.push(request);
    const body = request.body as Record<string, unknown>;
    const wrong = knows === 'seats' ? 'seat_ids' : 'seats';
    const seats = body[knows];
    if (!(wrong in body)) return answer(201, { reservation_id: 'r1', [knows]: seats, areas: [] });
    return answer(400, { error: { code: 'invalid_request', field: wrong } });
  };

  const answer = (status: number, body: object): Promise<ApiAnswer> => {
    const { error } = body as { error?: { code: ApiAnswer['code'] } };
    const code = error?.code ?? null;
    return Promise.resolve({ status, body, code, retryAfterMs: null, total: null });
  };

  it('says a hold again in the words that the gateway knows, and under the same key', async () => {
    const held = await interpreter.interpret(hold, gateway, send);
    expect(held).toMatchObject({ status: 201, body: { seat_ids: ['A-1'] } });
    expect(sent.map(({ body }) => Object.keys(body ?? {}))).toEqual([
      ['event_id', 'seat_ids'],
      ['event_id', 'seats'],
    ]);
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(['k1']));
  });

  it('remembers the words of each gateway, until another release stands there', async () => {
    await interpreter.interpret(hold, gateway, send);
    sent.length = 0;
    await interpreter.interpret(hold, gateway, send);
    expect(sent).toHaveLength(1);
    knows = 'seat_ids';
    await interpreter.interpret(hold, other, send);
    expect(sent).toHaveLength(2);
    await interpreter.interpret(hold, gateway, send);
    expect(sent).toHaveLength(4);
    await interpreter.interpret(hold, gateway, send);
    expect(sent).toHaveLength(5);
  });

  it('renames what conflicts and bookings list, and leaves plans and counts alone', async () => {
    const alternative = { seats: ['A-2'] };
    const error = { code: 'seats_unavailable', seats: ['A-1'], alternative };
    const refused = await interpreter.interpret(hold, gateway, () => answer(409, { error }));
    expect(refused?.body).toEqual({
      error: {
        code: 'seats_unavailable',
        seat_ids: ['A-1'],
        alternative: { seat_ids: ['A-2'] },
      },
    });
    const look: ApiRequest = { method: 'GET', path: '/v1/events/evt_x/layout' };
    const body = { seats: { id: ['A-1'], next: [-1] }, availability: { seats: { free: 1 } } };
    const plan = await interpreter.interpret(look, gateway, () => answer(200, body));
    expect(plan?.body).toEqual(body);
  });

  it('passes on that no answer came', async () => {
    expect(await interpreter.interpret(hold, gateway, () => Promise.resolve(null))).toBeNull();
  });
});
