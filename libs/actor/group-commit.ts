import type { AppendVerdict, Batch, JournalWriter } from '#libs/journal/journal.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Mail } from './mail.js';
import { namedMails, type NamedCommands } from './named-mail.js';

/** What the commit loop needs of an actor. All calls are synchronous. */
export interface Committer {
  /** Closes the open batch for its append; null when there is nothing to commit. */
  seal(): Batch | null;
  /** The sealed batch is durable: its outputs may leave. */
  committed(): void;
  /** Commands that were decided on and wait for the journal: for the log. */
  undurable(): Iterable<Mail>;
  /** The sealed batch is not in the journal and never will be: another owner, or a bug. */
  lost(verdict: Exclude<AppendVerdict, 'appended'>): void;
}

/**
 * One append for the facts of many events; while it runs, the next group gathers.
 *
 * A1  One await per turn: everything between two appends is synchronous.
 * A2  A batch that was sent and not answered is settled, byte for byte the same, on a new
 *     connection before anything else of its event is written (J5).
 * A3  Verdicts are judged per event: a fenced event never holds its neighbours back (J3).
 */
export class GroupCommit {
  private dirty = new Set<Committer>();
  private running = false;
  private stopped = false;
  private unknownSinceMs: number | null = null;
  private appending = 0;
  private idleWaiters: (() => void)[] = [];

  constructor(private readonly ports: GroupCommitPorts) {}

  /** The actor has facts to commit. They leave with the next append; see kick(). */
  add(committer: Committer): void {
    this.dirty.add(committer);
  }

  remove(committer: Committer): void {
    this.dirty.delete(committer);
  }

  /** Starts an append if none runs. */
  kick(): void {
    if (this.running || this.stopped || this.dirty.size === 0) return;
    this.running = true;
    void this.run();
  }

  /** Milliseconds for which the journal has not answered, 0 when all is well. */
  get stalledMs(): number {
    return this.unknownSinceMs === null ? 0 : this.ports.clock.monotonicMs() - this.unknownSinceMs;
  }

  /** Events with facts that are not known durable. */
  get waiting(): number {
    return this.dirty.size + this.appending;
  }

  /** Resolves when everything that was added is committed or lost. */
  idle(): Promise<void> {
    if (!this.running && this.dirty.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    while (this.dirty.size > 0 && !this.stopped) {
      const group = this.sealGroup();
      if (group.length === 0) continue;
      this.appending = group.length;
      const verdicts = await this.append(group);
      this.appending = 0;
      if (verdicts === null) break;
      for (let i = 0; i < group.length; i += 1) {
        const verdict = verdicts[i];
        if (verdict === 'appended') group[i].committer.committed();
        else group[i].committer.lost(verdict);
      }
      this.ports.afterCommit(group.map((entry) => entry.committer));
    }
    this.running = false;
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }

  private sealGroup(): Sealed[] {
    const group: Sealed[] = [];
    for (const committer of this.dirty) {
      if (group.length === limits.eventsPerGroupMax) break;
      this.dirty.delete(committer);
      const batch = committer.seal();
      if (batch !== null) group.push({ committer, batch });
    }
    return group;
  }

  /** Null only when stopped in the middle of an unknown outcome. */
  private async append(group: readonly Sealed[]): Promise<readonly AppendVerdict[] | null> {
    const batches = group.map(({ batch }) => batch);
    const startedMs = this.ports.clock.monotonicMs();
    try {
      const verdicts = await this.ports.writer.append(batches);
      this.ports.observeAppend(this.ports.clock.monotonicMs() - startedMs, batches.length);
      return verdicts;
    } catch (error) {
      const named = namedOf(group);
      const details = { err: error, batches: batches.length, ...named };
      this.ports.log.warn(details, 'commit unknown');
      this.unknownSinceMs = startedMs;
      const verdicts = await this.settleAll(batches, named);
      this.unknownSinceMs = null;
      return verdicts;
    }
  }

  private async settleAll(
    batches: readonly Batch[],
    named: NamedCommands,
  ): Promise<readonly AppendVerdict[] | null> {
    const verdicts: AppendVerdict[] = [];
    let failures = 0;
    while (!this.stopped) {
      try {
        await this.ports.writer.reopen();
        while (verdicts.length < batches.length) {
          verdicts.push(await this.ports.writer.settle(batches[verdicts.length]));
        }
        this.ports.log.info({ verdicts: tally(verdicts), ...named }, 'commit settled');
        this.ports.observeSettled(verdicts);
        return verdicts;
      } catch (error) {
        failures += 1;
        const delayMs = Math.min(settleRetryMsMax, settleRetryMs * 2 ** Math.min(failures, 10));
        const details = { err: error, failures, delayMs, ...named };
        this.ports.log.warn(details, 'journal out of reach');
        await new Promise<void>((resolve) => this.ports.clock.after(delayMs, resolve));
      }
    }
    return null;
  }
}

export interface GroupCommitPorts {
  readonly writer: JournalWriter;
  readonly clock: Clock;
  readonly log: Log;
  /** After the verdicts of a group were given out: replies can be flushed. */
  afterCommit(group: readonly Committer[]): void;
  observeAppend(durationMs: number, events: number): void;
  /** What became of batches whose append was not answered. */
  observeSettled(verdicts: readonly AppendVerdict[]): void;
}

interface Sealed {
  readonly committer: Committer;
  readonly batch: Batch;
}

const settleRetryMs = 10;
const settleRetryMsMax = 1_000;

function namedOf(group: readonly Sealed[]): NamedCommands {
  return namedMails(group.flatMap(({ committer }) => [...committer.undurable()]));
}

function tally(verdicts: readonly AppendVerdict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
