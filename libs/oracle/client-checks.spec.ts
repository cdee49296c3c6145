import { describe, expect, it } from '@jest/globals';
import type {
  BookingAttempt,
  BuyerEvidence,
  Evidence,
  HoldAttempt,
  ReleaseAttempt,
  WatchedFrame,
  WatcherEvidence,
} from './evidence.js';
import {
  announce,
  batch,
  broken,
  expired,
  held,
  released,
  sale,
  verdictOf,
} from './testing/hand-made.js';
import { MapHash } from './map-hash.js';

const attempt = (
  outcome: HoldAttempt['outcome'],
  seats: readonly string[],
  more: Partial<HoldAttempt> = {},
): HoldAttempt => ({ outcome, seats, sentAtMs: 10, answeredAtMs: 20, ...more });

const acknowledged = (reservationId: string, seats: readonly string[], more = {}) =>
  attempt('acknowledged', seats, { reservationId, ...more });

const buyer = (userId: string, more: Partial<BuyerEvidence>): BuyerEvidence => ({
  userId,
  holds: [],
  bookings: [],
  releases: [],
  ...more,
});

const seen = (...buyers: readonly BuyerEvidence[]): Evidence => ({ buyers, watchers: [] });

describe('The oracle on what buyers were told', () => {
  const batches = [announce(1), batch(1, held('h1', 'ann', [0, 1]))];
  const brokenBy = (...buyers: readonly BuyerEvidence[]) =>
    broken(verdictOf(batches, { evidence: seen(...buyers) }));

  it('is content when every answer fits the journal', () => {
    const ann = buyer('ann', { holds: [acknowledged('h1', ['A-1', 'A-2'])] });
    const bob = buyer('bob', { holds: [attempt('refused', ['A-1']), attempt('unknown', ['A-3'])] });
    const verdict = verdictOf(batches, { evidence: seen(ann, bob) });
    expect(broken(verdict)).toEqual([]);
    const looked = Object.fromEntries(verdict.checks.map((check) => [check.name, check.looked]));
    expect(looked).toMatchObject({
      acknowledged_in_journal: 1,
      refused_without_effect: 1,
      unknown_at_most_once: 1,
    });
  });

  it('finds an acknowledged hold that is not in the journal', () => {
    const ann = buyer('ann', {
      holds: [acknowledged('h1', ['A-1', 'A-2']), acknowledged('h2', ['A-3'])],
    });
    expect(brokenBy(ann)).toEqual(['acknowledged_in_journal']);
  });

  it('finds a hold that ended before the time its buyer was told, by the clock of Postgres', () => {
    // Batches made by hand are written at 1000.
    const ended = [...batches, batch(1, expired('h1', 200))];
    const told = (promisedUntilMs: number) => {
      const ann = { holds: [acknowledged('h1', ['A-1', 'A-2'], { promisedUntilMs })] };
      return broken(verdictOf(ended, { evidence: seen(buyer('ann', ann)) }));
    };
    expect(told(1_000)).toEqual([]);
    expect(told(1_001)).toEqual(['promise_kept']);
  });

  it('finds an acknowledged hold with other seats, or of another user', () => {
    const other = buyer('ann', { holds: [acknowledged('h1', ['A-1', 'A-3'])] });
    expect(brokenBy(other)).toEqual(['acknowledged_in_journal']);
    const bob = buyer('bob', { holds: [acknowledged('h1', ['A-1', 'A-2'])] });
    expect(brokenBy(bob)).toEqual(['acknowledged_in_journal']);
  });

  it('finds a hold that was the answer to two requests', () => {
    const answer = acknowledged('h1', ['A-1', 'A-2']);
    expect(brokenBy(buyer('ann', { holds: [answer, answer] }))).toEqual(['one_answer_per_effect']);
  });

  it('finds the effect of a refused request', () => {
    const ann = buyer('ann', { holds: [attempt('refused', ['A-1', 'A-2'])] });
    expect(brokenBy(ann)).toEqual(['refused_without_effect']);
  });

  it('lets a request without an answer have its effect once, not twice', () => {
    const ann = buyer('ann', { holds: [attempt('unknown', ['A-1', 'A-2'])] });
    expect(brokenBy(ann)).toEqual([]);
    const again = batch(
      1,
      expired('h1', 200),
      held('h2', 'ann', [0, 1], { atMs: 200, deadlineMs: 300 }),
    );
    const verdict = verdictOf([...batches, again], { evidence: seen(ann) });
    expect(broken(verdict)).toEqual(['unknown_at_most_once']);
  });

  it('finds an answer that came before an earlier one of the journal was even asked for', () => {
    const more = [...batches, batch(1, held('h2', 'bob', [2]))];
    const late = acknowledged('h1', ['A-1', 'A-2'], { sentAtMs: 30, answeredAtMs: 40 });
    const early = acknowledged('h2', ['A-3'], { sentAtMs: 10, answeredAtMs: 20 });
    const evidence = seen(buyer('ann', { holds: [late] }), buyer('bob', { holds: [early] }));
    expect(broken(verdictOf(more, { evidence }))).toEqual(['real_time_order']);
  });

  it('finds an acknowledged release that did not happen', () => {
    const holds = [acknowledged('h1', ['A-1', 'A-2'])];
    const releases: ReleaseAttempt[] = [{ outcome: 'acknowledged', reservationId: 'h1' }];
    expect(brokenBy(buyer('ann', { holds, releases }))).toEqual(['acknowledged_in_journal']);
    const done = [...batches, batch(1, released('h1', [0, 1]))];
    const evidence = seen(buyer('ann', { holds, releases }));
    expect(broken(verdictOf(done, { evidence }))).toEqual([]);
  });
});

describe('The oracle on bookings', () => {
  const { facts, tables } = sale('b1', 'h1', 'ann', [0, 1]);
  const holds = [acknowledged('h1', ['A-1', 'A-2'])];
  const booking = (outcome: BookingAttempt['outcome'], more = {}): BookingAttempt => ({
    outcome,
    reservationId: 'h1',
    seats: ['A-1', 'A-2'],
    ...more,
  });
  const brokenBy = (...bookings: readonly BookingAttempt[]) =>
    broken(
      verdictOf([announce(1), batch(1, ...facts)], {
        ...tables,
        evidence: seen(buyer('ann', { holds, bookings })),
      }),
    );

  it('is content with a confirmed booking, and with one of an unanswered request', () => {
    expect(brokenBy(booking('acknowledged', { bookingId: 'b1' }))).toEqual([]);
    expect(brokenBy(booking('unknown'))).toEqual([]);
  });

  it('finds a confirmed booking that is not in the journal', () => {
    const found = brokenBy(booking('acknowledged', { bookingId: 'b9' }), booking('unknown'));
    expect(found).toEqual(['acknowledged_in_journal']);
  });

  it('finds a booking although the payment was declined', () => {
    expect(brokenBy(booking('refused'))).toEqual(['refused_without_effect']);
  });

  it('finds a booking that was the answer to two requests', () => {
    const answer = booking('acknowledged', { bookingId: 'b1' });
    expect(brokenBy(answer, answer)).toEqual(['one_answer_per_effect']);
  });
});

describe('The oracle on watchers', () => {
  const batches = [
    announce(1),
    batch(1, held('h1', 'ann', [0]), held('h2', 'bob', [1])),
    batch(1, released('h1', [0])),
  ];
  const hashOf = (...taken: readonly string[]) => {
    const hash = new MapHash();
    taken.forEach((seat) => hash.change(seat, 'free', 'held'));
    return hash.value;
  };
  const frame = (
    kind: WatchedFrame['kind'],
    from: number,
    to: number,
    mapHash: number,
  ): WatchedFrame => ({ kind, from, to, mapHash, receivedAtMs: 0 });
  const good = [
    frame('snapshot', 0, 0, hashOf()),
    frame('diff', 0, 2, hashOf('A-1', 'A-2')),
    frame('diff', 2, 3, hashOf('A-2')),
  ];
  const brokenBy = (
    frames: readonly WatchedFrame[],
    finalMap: WatcherEvidence['finalMap'] = new Map([['A-2', 'held']]),
  ) => {
    const evidence = { buyers: [], watchers: [{ name: 'w1', frames, finalMap }] };
    return broken(verdictOf(batches, { evidence }));
  };

  it('is content with numbered diffs and with a snapshot after a reconnect', () => {
    expect(brokenBy(good)).toEqual([]);
    expect(brokenBy([good[0], good[1], frame('snapshot', 3, 3, hashOf('A-2'))])).toEqual([]);
  });

  it('finds a gap, an overlap and a step back', () => {
    expect(brokenBy([good[0], good[2]])).toEqual(['watcher_without_gap']);
    expect(brokenBy([...good, good[2]])).toEqual(['watcher_without_gap']);
    const back = [...good, frame('snapshot', 2, 2, hashOf('A-1', 'A-2'))];
    const map = new Map([
      ['A-1', 'held'],
      ['A-2', 'held'],
    ] as const);
    expect(brokenBy(back, map)).toEqual(['watcher_without_gap']);
  });

  it('finds a wrong map on the way, even when the last one is right', () => {
    const wrong = [good[0], frame('diff', 0, 2, hashOf('A-1')), good[2]];
    expect(brokenBy(wrong)).toEqual(['watcher_equals_journal']);
  });

  it('finds a wrong last map, and names a seat', () => {
    expect(brokenBy(good, new Map())).toEqual(['watcher_equals_journal']);
    expect(brokenBy(good, new Map([['A-2', 'booked']]))).toEqual(['watcher_equals_journal']);
  });

  it('finds a watcher that stopped before the end, if all had waited for it', () => {
    const [, second] = good;
    const map = new Map([
      ['A-1', 'held'],
      ['A-2', 'held'],
    ] as const);
    const behind = { name: 'w1', frames: [good[0], second], finalMap: map };
    const evidence = { buyers: [], watchers: [behind] };
    expect(broken(verdictOf(batches, { evidence }))).toEqual([]);
    expect(broken(verdictOf(batches, { evidence: { ...evidence, settled: true } }))).toEqual([
      'watcher_saw_the_end',
    ]);
    const upToDate = { name: 'w1', frames: good, finalMap: new Map([['A-2', 'held']] as const) };
    const settled = { buyers: [], watchers: [upToDate], settled: true };
    expect(broken(verdictOf(batches, { evidence: settled }))).toEqual([]);
  });

  it('finds a version that the journal does not have', () => {
    expect(brokenBy([...good, frame('diff', 3, 4, hashOf('A-2'))])).toContain(
      'watcher_equals_journal',
    );
  });
});
