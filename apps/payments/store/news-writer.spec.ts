import { describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { DatabaseTimeout } from '#libs/database/answer-deadline.js';
import type { AttemptId } from '#libs/inventory/ids.js';

import type { ProviderNews } from '../webhooks/stripe-events.js';
import { NewsWriter } from './news-writer.js';

const said = (eventId: string, more: Partial<ProviderNews> = {}): ProviderNews => ({
  eventId,
  type: 'payment_intent.succeeded',
  attemptId: `att_${eventId}` as AttemptId,
  refundId: null,
  disputeId: null,
  createdAtMs: 1_800_000_000_000,
  ...more,
});

/** A database that answers when it is told to; `bad`: an event that it cannot take. */
class SlowTable {
  readonly asked: { name: string; events: readonly string[] }[] = [];
  readonly #answers: (() => void)[] = [];

  constructor(
    private readonly bad: string | null = null,
    private readonly problem: Error = new Error('not that one'),
  ) {}

  readonly pool = {
    query: async ({ name, values }: { name: string; values: unknown[] }) => {
      const events = [values[0]].flat() as string[];
      this.asked.push({ name, events });
      await new Promise<void>((resolve) => void this.#answers.push(resolve));
      if (this.bad !== null && events.includes(this.bad)) throw this.problem;
      const free = events.map((event) => `att_${event}`);
      return { rows: [{ fresh: events, free, is_new: true, is_due: true }] };
    },
  } as unknown as Pick<Pool, 'query'>;

  /** As long as something is asked. */
  async answerAll(): Promise<void> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer === undefined) return;
      answer();
      for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
    }
  }
}

const due = { isNew: true, isDue: true };

describe('what the provider says', () => {
  it('is written at once, and together what comes meanwhile', async () => {
    const table = new SlowTable();
    const writer = new NewsWriter(table.pool);
    const all = ['evt_1', 'evt_2', 'evt_3'].map((id) => writer.hear(said(id)));
    expect(table.asked.map(({ events }) => events)).toEqual([['evt_1']]);
    await table.answerAll();
    expect(table.asked.map(({ events }) => events)).toEqual([['evt_1'], ['evt_2', 'evt_3']]);
    expect(await Promise.all(all)).toEqual([due, due, due]);
  });

  it('is new once, when it comes twice and is written together', async () => {
    const table = new SlowTable();
    const writer = new NewsWriter(table.pool);
    const all = ['evt_1', 'evt_2', 'evt_2'].map((id) => writer.hear(said(id)));
    await table.answerAll();
    expect(await Promise.all(all)).toEqual([due, due, { isNew: false, isDue: false }]);
  });

  it('is written one by one where it cannot be written together (NW3)', async () => {
    const table = new SlowTable('evt_3');
    const writer = new NewsWriter(table.pool);
    const all = ['evt_1', 'evt_2', 'evt_3', 'evt_4'].map((id) => writer.hear(said(id)));
    const ended = Promise.allSettled(all);
    await table.answerAll();
    expect((await ended).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    const later = writer.hear(said('evt_5'));
    await table.answerAll();
    expect(await later).toEqual(due);
  });

  it('is refused with all that wait while the database is away (NW4)', async () => {
    const table = new SlowTable('evt_2', new DatabaseTimeout(100));
    const writer = new NewsWriter(table.pool);
    const many = Array.from({ length: 150 }, (_one, n) => writer.hear(said(`evt_${n + 1}`)));
    const ended = Promise.allSettled(many);
    await table.answerAll();
    const refused = (await ended).filter(({ status }) => status === 'rejected');
    expect([refused.length, table.asked.length]).toEqual([149, 2]);
    const later = writer.hear(said('evt_later'));
    await table.answerAll();
    expect(await later).toEqual(due);
  });

  it('is tried one by one no longer than the database is there (NW4)', async () => {
    const away = new DatabaseTimeout(100);
    let asked = 0;
    const answers = [null, new Error('not together'), null, away];
    const pool = {
      query: async ({ values }: { values: [string[]] }) => {
        await Promise.resolve();
        const problem = answers[asked];
        asked += 1;
        if (problem !== null) throw problem;
        return { rows: [{ fresh: values[0], free: [] }] };
      },
    } as unknown as Pick<Pool, 'query'>;
    const writer = new NewsWriter(pool);
    const all = ['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5'].map((id) => writer.hear(said(id)));
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'],
    ]);
    expect(asked).toBe(4);
  });

  it('is written alone where it is of a refund or a dispute (NW2)', async () => {
    const table = new SlowTable();
    const writer = new NewsWriter(table.pool);
    const all = [
      writer.hear(said('evt_1')),
      writer.hear(said('evt_2', { type: 'refund.updated' })),
      writer.hear(said('evt_3', { type: 'charge.dispute.created', disputeId: 'dp_1' })),
    ];
    expect(table.asked).toEqual([
      { name: 'attempt-hear-together', events: ['evt_1'] },
      { name: 'attempt-hear-alone', events: ['evt_2'] },
      { name: 'attempt-hear-alone', events: ['evt_3'] },
    ]);
    await table.answerAll();
    await Promise.all(all);
  });
});
