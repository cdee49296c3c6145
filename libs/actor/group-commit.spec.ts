import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import {
  CommitUnknown,
  type AppendVerdict,
  type Batch,
  type JournalWriter,
} from '#libs/journal/journal.js';
import { logInto } from '#libs/testing/log-lines.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { GroupCommit, type Committer } from './group-commit.js';
import type { Mail } from './mail.js';

/** A journal connection whose answers the test gives one by one. */
class ScriptedWriter implements JournalWriter {
  readonly appends: { batches: readonly Batch[]; answer: Deferred<readonly AppendVerdict[]> }[] =
    [];
  readonly settled: string[] = [];
  reopened = 0;
  settle = (batch: Batch): Promise<AppendVerdict> => {
    this.settled.push(batch.eventId);
    return Promise.resolve('appended');
  };

  append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    const answer = new Deferred<readonly AppendVerdict[]>();
    this.appends.push({ batches, answer });
    return answer.promise;
  }

  reopen(): Promise<void> {
    this.reopened += 1;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class Deferred<Value> {
  resolve: (value: Value) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly promise = new Promise<Value>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

class Actor implements Committer {
  facts = 0;
  /** Commands that wait for its commit. */
  mails: readonly Mail[] = [];
  readonly ends: string[] = [];

  constructor(readonly name: string) {}

  seal(): Batch | null {
    if (this.facts === 0) return null;
    this.facts = 0;
    return { eventId: this.name as EventId } as Batch;
  }

  *undurable(): Iterable<Mail> {
    for (const mail of this.mails) yield mail;
  }

  committed(): void {
    this.ends.push('committed');
  }

  lost(verdict: string): void {
    this.ends.push(verdict);
  }
}

const { log, lines } = logInto();
let writer: ScriptedWriter;
let clock: VirtualClock;
let commits: GroupCommit;
let groups: number;

beforeEach(() => {
  writer = new ScriptedWriter();
  lines.length = 0;
  clock = new VirtualClock();
  groups = 0;
  commits = new GroupCommit({
    writer,
    clock,
    log,
    afterCommit: () => {
      groups += 1;
    },
    observeAppend: () => undefined,
    observeSettled: () => undefined,
  });
});

function dirty(actor: Actor): void {
  actor.facts += 1;
  commits.add(actor);
  commits.kick();
}

describe('group commit', () => {
  it('sends the first facts at once and gathers the rest while that append runs', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new Actor(name));
    dirty(a);
    dirty(b);
    dirty(c);
    dirty(b);
    expect(writer.appends.map(({ batches }) => batches.length)).toEqual([1]);
    writer.appends[0].answer.resolve(['appended']);
    await clock.advance(0);
    expect(writer.appends[1].batches.map(({ eventId }) => eventId)).toEqual(['b', 'c']);
    expect(a.ends).toEqual(['committed']);
    expect(b.ends).toEqual([]);
    writer.appends[1].answer.resolve(['appended', 'appended']);
    await commits.idle();
    expect(groups).toBe(2);
  });

  it('costs a fenced event alone, not its neighbours', async () => {
    const [a, b] = ['a', 'b'].map((name) => new Actor(name));
    a.facts = b.facts = 1;
    commits.add(a);
    commits.add(b);
    commits.kick();
    writer.appends[0].answer.resolve(['fenced', 'appended']);
    await commits.idle();
    expect(a.ends).toEqual(['fenced']);
    expect(b.ends).toEqual(['committed']);
  });

  it('takes a bounded number of events into one append (G8)', async () => {
    const actors = Array.from({ length: limits.eventsPerGroupMax + 1 }, (_, i) => {
      const actor = new Actor(`e${i}`);
      actor.facts = 1;
      commits.add(actor);
      return actor;
    });
    commits.kick();
    expect(writer.appends[0].batches).toHaveLength(limits.eventsPerGroupMax);
    writer.appends[0].answer.resolve(writer.appends[0].batches.map(() => 'appended'));
    await clock.advance(1);
    expect(writer.appends[1].batches).toHaveLength(1);
    writer.appends[1].answer.resolve(['appended']);
    await commits.idle();
    expect(actors.every(({ ends }) => ends[0] === 'committed')).toBe(true);
  });

  it('settles the identical batches on a new connection when the outcome is unknown', async () => {
    const [a, b] = ['a', 'b'].map((name) => new Actor(name));
    a.facts = b.facts = 1;
    commits.add(a);
    commits.add(b);
    commits.kick();
    writer.settle = (batch) => {
      writer.settled.push(batch.eventId);
      return Promise.resolve(batch.eventId === ('a' as EventId) ? 'appended' : 'fenced');
    };
    writer.appends[0].answer.reject(new CommitUnknown('socket lost'));
    await commits.idle();
    expect(writer.reopened).toBe(1);
    expect(writer.settled).toEqual(['a', 'b']);
    expect(a.ends).toEqual(['committed']);
    expect(b.ends).toEqual(['fenced']);
  });

  it('names the first commands of a commit that is unknown, and counts them all', async () => {
    const [a, b] = ['a', 'b'].map((name) => new Actor(name));
    const mails = Array.from({ length: 20 }, (_, i) => ({ trace: `trace-${i}` }) as Mail);
    [a.mails, b.mails] = [mails.slice(0, 3), mails.slice(3)];
    a.facts = b.facts = 1;
    commits.add(a);
    commits.add(b);
    commits.kick();
    let down = true;
    writer.settle = () => (down ? Promise.reject(new Error('down')) : Promise.resolve('appended'));
    writer.appends[0].answer.reject(new CommitUnknown('socket lost'));
    await clock.advance(5);
    down = false;
    await clock.advance(1_000);
    const traces = mails.slice(0, limits.tracesPerLineMax).map(({ trace }) => trace);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'commit unknown',
      'journal out of reach',
      'commit settled',
    ]);
    for (const line of lines) expect(line).toMatchObject({ commands: 20, traces });
  });

  it('tries again with growing pauses while the journal is away', async () => {
    const a = new Actor('a');
    let failures = 5;
    writer.settle = () =>
      failures-- > 0 ? Promise.reject(new CommitUnknown('down')) : Promise.resolve('appended');
    dirty(a);
    await clock.advance(100);
    writer.appends[0].answer.reject(new CommitUnknown('down'));
    await clock.advance(30);
    expect(a.ends).toEqual([]);
    expect(commits.stalledMs).toBeGreaterThanOrEqual(100);
    await clock.advance(5_000);
    expect(a.ends).toEqual(['committed']);
    expect(commits.stalledMs).toBe(0);
  });

  it('writes nothing of another event before an unknown outcome is settled', async () => {
    const [a, b] = ['a', 'b'].map((name) => new Actor(name));
    const settling = new Deferred<AppendVerdict>();
    writer.settle = () => settling.promise;
    dirty(a);
    dirty(b);
    writer.appends[0].answer.reject(new CommitUnknown('socket lost'));
    await clock.advance(1_000);
    expect(writer.appends).toHaveLength(1);
    settling.resolve('appended');
    await clock.advance(0);
    expect(writer.appends).toHaveLength(2);
  });
});
