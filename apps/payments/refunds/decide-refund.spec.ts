import { describe, expect, it } from '@jest/globals';

import { decideRefund, nextRefundStep } from './decide-refund.js';
import type { Refund } from './refund.js';

const refund = (changes: Partial<Refund> = {}): Refund =>
  ({
    refundId: 'rfd_1',
    state: 'REQUESTED',
    amountMinor: 100,
    providerRefundId: null,
    keyNo: 0,
    tries: 0,
    leaseNo: 1,
    ...changes,
  }) as Refund;

const told = (status: 'pending' | 'succeeded' | 'failed') =>
  ({
    type: 'provider',
    result: { kind: 'refund', id: 're_1', status, failure: status === 'failed' ? 'lost' : '' },
  }) as const;

describe('the next step of a refund', () => {
  it('is the places, then the money, and then what became of it', () => {
    expect(nextRefundStep(refund())).toEqual({ type: 'free' });
    expect(nextRefundStep(refund({ state: 'SEATS_FREED' }))).toEqual({
      type: 'send',
      key: 'rfd_1',
      lookFirst: false,
    });
    const sent = refund({ state: 'SENT', providerRefundId: 're_1' });
    expect(nextRefundStep(sent)).toEqual({ type: 'ask', providerRefundId: 're_1' });
    expect(nextRefundStep(refund({ state: 'FAILED' })).type).toBe('none');
  });

  it('asks for nothing where nothing was paid', () => {
    const free = refund({ state: 'SEATS_FREED', amountMinor: 0 });
    expect(nextRefundStep(free)).toEqual({ type: 'none' });
    expect(decideRefund(free, { type: 'nothing' })).toEqual({ state: 'DONE' });
  });

  it.each([{ tries: 1 }, { leaseNo: 2 }])('looks before it sends what may be sent: %j', (known) => {
    expect(nextRefundStep(refund({ state: 'SEATS_FREED', ...known }))).toMatchObject({
      lookFirst: true,
    });
  });

  it('sends under another key when one is spent', () => {
    const freed = refund({ state: 'SEATS_FREED' });
    const spent = { kind: 'key_spent', by: 'failure', reason: '500' } as const;
    const to = decideRefund(freed, { type: 'provider', result: spent });
    expect(to).toMatchObject({ state: 'SEATS_FREED', keyNo: 1, pause: true });
    expect(nextRefundStep({ ...freed, ...to })).toMatchObject({ key: 'rfd_1.1', lookFirst: true });
  });
});

describe('what the provider says of a refund', () => {
  it('is entered when it succeeded, once', () => {
    const moves = { state: 'DONE', moves: 'refund' };
    expect(decideRefund(refund({ state: 'SEATS_FREED' }), told('succeeded'))).toMatchObject(moves);
    expect(decideRefund(refund({ state: 'SENT' }), told('succeeded'))).toMatchObject(moves);
    expect(decideRefund(refund({ state: 'DONE' }), told('succeeded'))).toEqual({ state: 'DONE' });
  });

  it('is entered against it when it fails after it was done, and not before', () => {
    const late = decideRefund(refund({ state: 'DONE' }), told('failed'));
    expect(late).toMatchObject({ state: 'FAILED', failure: 'lost', moves: 'refund_failed' });
    const early = decideRefund(refund({ state: 'SENT' }), told('failed'));
    expect(early).toMatchObject({ state: 'FAILED', failure: 'lost' });
    expect(early).not.toHaveProperty('moves');
  });

  it.each([{ tries: 1 }, { leaseNo: 2 }])('is asked for anew where a key answers: %j', (known) => {
    const freed = refund({ state: 'SEATS_FREED', ...known });
    const to = decideRefund(freed, told('succeeded'));
    expect(to).toEqual({ state: 'SENT', providerRefundId: 're_1' });
    expect(nextRefundStep({ ...freed, ...to }).type).toBe('ask');
  });

  it('is waited for while the bank decides', () => {
    const sent = decideRefund(refund({ state: 'SEATS_FREED' }), told('pending'));
    expect(sent).toMatchObject({ state: 'SENT', providerRefundId: 're_1', pause: true });
    expect(sent).not.toHaveProperty('moves');
  });

  it('ends it when the provider will not, but not for our credentials', () => {
    const said = (code: string, fault: 'request' | 'access') =>
      decideRefund(refund({ state: 'SEATS_FREED' }), {
        type: 'provider',
        result: { kind: 'refused', code, fault },
      });
    expect(said('charge_disputed', 'request')).toEqual({
      state: 'FAILED',
      failure: 'charge_disputed',
    });
    expect(said('invalid_api_key', 'access')).toMatchObject({ state: 'SEATS_FREED', pause: true });
  });

  it('is asked for again when nothing was heard', () => {
    const unclear = { type: 'unclear', reason: 'timeout' } as const;
    expect(decideRefund(refund({ tries: 3 }), unclear)).toEqual({
      state: 'REQUESTED',
      tries: 4,
      error: 'timeout',
      pause: true,
    });
  });
});
