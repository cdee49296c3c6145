import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { Admission } from '../admission/admission.js';
import type { EdgeResponse } from '../edge/edge.js';
import { CodedBody } from './coded-body.js';
import { Compression } from './compression.js';
import { Exchange } from './exchange.js';
import { LargeAnswers, type Representation } from './large-answers.js';
import { UnreadAnswers } from './unread-answers.js';

const as: Representation = {
  contentType: 'application/json',
  tags: { identity: '"1"', gzip: '"1-gzip"', br: '"1-br"' },
  headers: [],
};

describe('an answer that is dear to begin', () => {
  const clock = new VirtualClock();
  const answers = new LargeAnswers({
    admission: new Admission({ loopbackUnlimited: false }),
    compression: new Compression({ atOnceMax: 1, waitingMax: 1 }),
    unread: new UnreadAnswers(clock),
    clock,
  });
  const owner = { finished: () => undefined, traces: new TraceIds(systemRandom) };
  let made = 0;

  /** The status line of an answer of a few bytes, before which so many are made. */
  async function ask(bytesBefore: number): Promise<string> {
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
        return Promise.resolve(new Uint8Array(10));
      },
    });
    const exchange = new Exchange(response as unknown as EdgeResponse, 0, 0, owner);
    await answers.send(exchange, body, as);
    return status;
  }

  it('is paid for before it is begun, and not begun for who cannot pay (G8)', async () => {
    const dear = limits.answerBytesPerToken * limits.answerTokensMax;
    const affordable = Math.floor(limits.addressRequestsBurst / (limits.answerTokensMax - 1));
    const statuses: string[] = [];
    for (let i = 0; i < affordable + 5; i++) statuses.push(await ask(dear));
    expect(statuses.filter((status) => status.startsWith('200'))).toHaveLength(affordable);
    expect(statuses.filter((status) => status.startsWith('429'))).toHaveLength(5);
    expect(made).toBe(affordable);
    expect(await ask(0)).toMatch(/^200/);
  });
});
