import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { Admission } from '../admission/admission.js';
import type { EdgeResponse } from '../edge/edge.js';
import { CodedBody } from './coded-body.js';
import { Compression } from './compression.js';
import { Exchange } from './exchange.js';
import { answerCost, LargeAnswers, type Representation } from './large-answers.js';
import { UnreadAnswers } from './unread-answers.js';

const as: Representation = {
  contentType: 'application/json',
  tags: { identity: '"1"', gzip: '"1-gzip"', br: '"1-br"' },
  headers: [],
};

const owner = { finished: () => undefined, traces: new TraceIds(systemRandom) };

describe('a large answer', () => {
  let answers: LargeAnswers;
  let made: number;

  beforeEach(() => {
    const clock = new VirtualClock();
    made = 0;
    answers = new LargeAnswers({
      admission: new Admission({ loopbackUnlimited: false, proxies: null }),
      compression: new Compression({ atOnceMax: 1, waitingMax: 1 }),
      unread: new UnreadAnswers(clock),
      clock,
    });
  });

  /** The status line of an answer of so many bytes, before which others are made. */
  async function ask(bytes: number, bytesBefore = 0): Promise<string> {
    let status = '';
    const response = {
      onAborted: () => undefined,
      cork: (write: () => void) => write(),
      writeStatus: (line: string) => ((status = line), response),
      writeHeader: () => response,
      end: () => undefined,
      tryEnd: () => [true, true],
      getRemoteAddress: () => Uint8Array.of(10, 0, 0, 1).buffer,
    };
    const body = new CodedBody({
      weight: 0,
      compressible: true,
      bytesBefore: () => bytesBefore,
      make: () => {
        made += 1;
        return Promise.resolve(new Uint8Array(bytes));
      },
    });
    const exchange = new Exchange(response as unknown as EdgeResponse, 0, 0, owner);
    await answers.send(exchange, body, as);
    return status;
  }

  /** What so many of these are told. */
  async function told(count: number, ask: () => Promise<string>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < count; i++) {
      const status = (await ask()).slice(0, 3);
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  it('costs its address what it weighs, at most the dearest', async () => {
    const { answerBytesPerToken, answerTokensMax, addressRequestsBurst } = limits;
    const bytes = answerBytesPerToken * 10;
    // The first of its tokens was paid by the request.
    const affordable = Math.floor(addressRequestsBurst / 9);
    expect(await told(affordable + 3, () => ask(bytes))).toEqual({ 200: affordable, 429: 3 });
    expect(await ask(answerBytesPerToken)).toMatch(/^200/);
    expect(answerCost(answerBytesPerToken * answerTokensMax * 3)).toBe(answerTokensMax);
  });

  it('that is dear to begin is paid for before, and not begun for who cannot pay', async () => {
    const dear = limits.answerBytesPerToken * limits.answerTokensMax;
    const affordable = Math.floor(limits.addressRequestsBurst / (limits.answerTokensMax - 1));
    const counts = await told(affordable + 5, () => ask(10, dear));
    expect(counts).toEqual({ 200: affordable, 429: 5 });
    expect(made).toBe(affordable);
    expect(await ask(10)).toMatch(/^200/);
  });
});
