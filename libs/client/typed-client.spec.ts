import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer, ApiRequest } from './rest-client.js';
import { TypedClient } from './typed-client.js';

describe('a typed client', () => {
  const asked: ApiRequest[] = [];
  const answer: ApiAnswer = { status: 200, body: {}, code: null, retryAfterMs: null, total: null };
  let settled: ApiAnswer | null = answer;
  const api = new TypedClient({
    settle: (request) => {
      asked.push(request);
      return Promise.resolve({ answer: settled, sentAtMs: 0, answeredAtMs: 0 });
    },
  });

  it('puts every value whole into path and query (TY1)', async () => {
    const query = { keyword: 'a&b=c', page: 2 };
    await api.get('/v1/events', { query });
    await api.get('/v1/events/{event_id}', { path: { event_id: '../x?y' }, token: 't' });
    await api.delete('/v1/reservations/{reservation_id}', {
      path: { reservation_id: 'rsv_1' },
      key: 'k',
    });
    expect(asked).toEqual([
      { method: 'GET', path: '/v1/events?keyword=a%26b%3Dc&page=2' },
      { method: 'GET', path: '/v1/events/..%2Fx%3Fy', token: 't' },
      { method: 'DELETE', path: '/v1/reservations/rsv_1', key: 'k' },
    ]);
  });

  it('does not call a missing answer a refusal (TY2)', async () => {
    settled = null;
    expect(await api.post('/v1/sessions')).toBeNull();
  });
});
