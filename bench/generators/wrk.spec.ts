import { describe, expect, it } from '@jest/globals';
import { comparedLines, type ComparedRun } from './compared.js';
import { readWrk } from './wrk.js';

const said = (more = ''): string => `Running 2s test @ http://127.0.0.1:4000/v1/reservations
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms  310.10us   9.71ms   91.02%
    Req/Sec    61.50k     3.11k   66.05k    75.00%
  Latency Distribution
     50%  980.00us
     75%    1.10ms
     90%    1.25ms
     99%    2.05ms
  122401 requests in 2.01s, 36.20MB read
${more}Requests/sec:  60896.02
Transfer/sec:     18.01MB
`;

describe('wrk', () => {
  it('is read by what it prints', () => {
    expect(readWrk(said())).toEqual({
      ...{ requests: 122_401, seconds: 2.01, p50Us: 980, p99Us: 2_050, errors: 0 },
    });
  });

  it('says what went wrong, and is not believed when it says something else', () => {
    const sockets = '  Socket errors: connect 1, read 2, write 0, timeout 3\n';
    const others = '  Non-2xx or 3xx responses: 40\n';
    expect(readWrk(said(sockets + others)).errors).toBe(46);
    expect(() => readWrk('wrk: no such thing')).toThrow('wrk said something else');
  });
});

describe('two load generators', () => {
  const one = (by: ComparedRun['by'], perSecond: number): ComparedRun => ({
    ...{ by, method: 'POST', connections: 64, perSecond, errors: 0, p50Us: 1, p99Us: 2 },
    ...{ serverUs: 10, generatorBusy: null },
  });

  it('are compared round by round, each with the one beside it', () => {
    const runs = [one('ours', 50), one('wrk', 100), one('ours', 90), one('wrk', 60)];
    const [line] = comparedLines([...runs, one('ours', 80), one('wrk', 80)]);
    expect(line).toMatchObject({ method: 'POST', connections: 64, rounds: 3 });
    expect(line.ratio).toEqual({ median: 1, min: 0.5, max: 1.5 });
  });
});
