import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { decodeReplyBatch, encodeCommandBatch, frameVersions } from '#libs/contracts/wire-codec.js';
import type { CommandId, EventId, UserId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';

const everyMs = 10;

/**
 * Asks one shard for the seat map of an event, past all routing. Whoever was replaced must not know
 * it any more: every answer that shows a map is a stale one.
 */
export class ZombieQuestion {
  private asked = 0;
  private stale = 0;
  private readonly clientId = `zq-${systemRandom.token(8)}`;
  private readonly subscription;

  constructor(
    private readonly link: ClusterLink,
    private readonly incarnation: string,
    private readonly eventId: EventId,
  ) {
    const { bus } = link.cluster;
    const replies = subjects.replies(bus.role, this.clientId, incarnation);
    this.subscription = bus.subscribe(replies, ({ payload, noResponders }) => {
      if (noResponders) return;
      const found = decodeReplyBatch(payload).replies.filter(({ reply }) => reply.kind === 'found');
      this.stale += found.length;
    });
  }

  ask(): void {
    this.asked += 1;
    const item = {
      correlation: this.asked,
      eventId: this.eventId,
      commandId: `${this.clientId}.${this.asked}` as CommandId,
      keyed: false,
      userId: 'usr_bench' as UserId,
      deadlineMs: Date.now() + limits.commandDeadlineMs,
      request: { type: 'GetSeatMap' } as const,
    };
    const { clientId, incarnation } = this;
    const batch = encodeCommandBatch({
      version: frameVersions.oldest,
      clientId,
      batchNo: this.asked,
      items: [item],
    });
    const { bus } = this.link.cluster;
    const replyTo = subjects.replies(bus.role, clientId, incarnation);
    bus.publish(subjects.commands(incarnation), batch, replyTo);
  }

  async askOnFor(durationMs: number): Promise<void> {
    const untilMs = performance.now() + durationMs;
    while (performance.now() < untilMs) {
      this.ask();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  close(): { readonly asked: number; readonly stale: number } {
    this.subscription.unsubscribe();
    return { asked: this.asked, stale: this.stale };
  }
}
