import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer } from '#libs/client/rest-client.js';
import type { BuyerEvidence } from '#libs/oracle/evidence.js';
import { now } from '../demo/api.js';
import { errorLines, reportLines, type UpgradeReport } from './report.js';
import { Steps } from './steps.js';

const gateway = new URL('http://127.0.0.1:8080');
const answer = (status: number, code: ApiAnswer['code'] = null): ApiAnswer => ({
  status,
  code,
  body: null,
  retryAfterMs: null,
  total: null,
});
const extend = { method: 'POST', path: '/v1/reservations/rsv_1_abc/extend' } as const;

function buyerWith(...times: (readonly [sentAtMs: number, answeredAtMs: number])[]): BuyerEvidence {
  const holds = times.map(([sentAtMs, answeredAtMs]) => {
    return { outcome: 'acknowledged' as const, seats: ['A-1'], sentAtMs, answeredAtMs };
  });
  return { userId: 'usr_1', holds, bookings: [], releases: [] };
}

describe('the steps of an upgrade', () => {
  it('have the errors that buyers met in them, by route and gateway', () => {
    const steps = new Steps();
    steps.begin('one');
    steps.answered(extend, answer(200), '', gateway);
    steps.answered(extend, answer(409, 'reservation_expired'), '', gateway);
    steps.begin('two');
    steps.answered(extend, answer(503, 'unavailable'), '', gateway);
    steps.answered(extend, answer(503, 'unavailable'), '', gateway);
    steps.answered(extend, null, 'socket hang up', gateway);
    steps.replaced({ stopMs: 12.4, startMs: 99.6, exitCode: 1 });
    const [one, two] = steps.reports([]);
    expect([one.errors, one.requests, one.stop_ms]).toEqual([{}, 2, null]);
    expect([two.stop_ms, two.start_ms]).toEqual([12, 100]);
    expect(errorLines(two)).toEqual([
      expect.stringMatching(
        /^2 x POST \/v1\/reservations\/:id\/extend \(127.0.0.1:8080\): 503 unav.*, after \d+/,
      ),
      expect.stringContaining('socket hang up'),
      expect.stringContaining('it ended with 1'),
    ]);
  });

  it('have the holds that were answered in them, the slowest and the longest silence', () => {
    const steps = new Steps();
    const beganAtMs = now();
    steps.begin('one');
    const buyers = [
      buyerWith([beganAtMs + 10, beganAtMs + 20]),
      buyerWith([beganAtMs + 100, beganAtMs + 1_320], [beganAtMs + 1_300, beganAtMs + 1_310]),
    ];
    const [one] = steps.reports(buyers);
    expect([one.held, one.slowest_hold_ms, one.silence_ms]).toEqual([3, 1_220, 1_290]);
  });

  it('make a table, with what is wrong below it', () => {
    const steps = new Steps();
    steps.begin('shard-1 by the newer');
    steps.replaced({ stopMs: 500, startMs: 900, exitCode: 0 });
    steps.answered(extend, null, 'socket hang up', gateway);
    const report: UpgradeReport = {
      clean: false,
      seconds: 60,
      steps: steps.reports([]),
      events: 3,
      buyers: 40,
      held: 30,
      booked: 12,
      take_overs: 4,
      facts: 100,
      reconnects: 6,
      money: { bookings: 12, capturedMinor: 120_000, disputes: 0, unsettled: 0, wrong: [] },
      looked: { acknowledged_in_journal: 30 },
      wrong: ['shard-1 by the newer: nobody held a seat'],
    };
    const text = reportLines(report).join('\n');
    expect(text).toMatch(/shard-1 by the newer +500 ms +900 ms +0 +0 ms +0 ms +1$/m);
    expect(text).toMatch(/1 x POST .* socket hang up/);
    expect(text).toMatch(/verdict: NOT CLEAN, 1 things are wrong$/);
    const clean = reportLines({ ...report, clean: true, wrong: [] });
    expect(clean.at(-1)).toBe('verdict: clean');
  });
});
