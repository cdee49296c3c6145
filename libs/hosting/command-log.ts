import type { TracedCommit } from '#libs/actor/actor-ports.js';
import { namedMail, namedMails, type NamedCommands } from '#libs/actor/named-mail.js';
import type { Mail } from '#libs/actor/mail.js';
import { limits } from '#libs/contracts/limits.js';
import type { Reply } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import { BoundedLog } from '#libs/platform/bounded-log.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Tracer } from '#libs/platform/tracer.js';
import { keepRefused, keepSlow, recordCommand } from './command-spans.js';
import type { Slot } from './slot.js';

/**
 * What a shard writes about single commands: those that were refused for a reason that is not the
 * core's, and those that took long. An ordinary command leaves no line and costs none. Where there
 * is a tracer, the same ones leave a span, and those whose request is traced.
 */
export class CommandLog {
  private readonly lines: BoundedLog;

  constructor(
    log: Log,
    private readonly clock: Clock,
    private readonly tracer: Tracer | null,
  ) {
    this.lines = new BoundedLog({
      log,
      clock,
      level: 'warn',
      linesPerSecond: limits.commandLinesPerSecond,
      overMessage: 'more commands were refused or slow',
    });
  }

  refused(mail: Mail, reason: 'overloaded' | 'quarantined' | 'too_late' | 'unproven'): void {
    this.lines.write(reason, 'a command was refused', () => ({ ...namedMail(mail), reason }));
    if (this.tracer !== null) keepRefused(this.tracer, mail, reason, this.clock.monotonicMs());
  }

  /** Everything that waits in the mailbox is about to get the same answer. */
  turnedAway(slot: Slot, reason: string): void {
    if (slot.mailbox.length === 0) return;
    this.lines.write(reason, 'commands were refused', () => {
      return { event: slot.eventId, reason, ...this.waitingFor(slot) };
    });
  }

  /** The oldest of its turn. */
  waited(mail: Mail, waitedMs: number): void {
    this.lines.write('waited', 'a command waited for its turn', () => {
      return { ...namedMail(mail), ms: Math.round(waitedMs) };
    });
  }

  /** Durable at last. `oldestMs`: since the first of them arrived. */
  slow(event: EventId, mails: readonly Mail[], oldestMs: number): void {
    this.lines.write('slow', 'commands were slow', () => {
      return { event, ms: Math.round(oldestMs), ...namedMails(mails) };
    });
    if (this.tracer !== null) keepSlow(this.tracer, mails, this.clock.monotonicMs());
  }

  /** The answer of a command whose request is traced is on its way. */
  traced(mail: Mail, reply: Reply, commit: TracedCommit | null): void {
    if (this.tracer === null) return;
    recordCommand(this.tracer, mail, reply, commit, this.clock.monotonicMs());
  }

  waitingFor({ mailbox }: Slot): NamedCommands {
    return namedMails(Array.from({ length: mailbox.length }, (_, i) => mailbox.peek(i) as Mail));
  }
}
