import type { Bus } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import {
  commonVersion,
  decodeVersions,
  frameVersions,
  type FrameVersion,
  type VersionRange,
} from '#libs/contracts/wire-codec.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Membership } from './membership.js';

/**
 * In which version this process writes to each shard (Z3), and to which it writes nothing. It asks
 * a shard once, when that shows itself, and again only while it got no answer; and it judges what a
 * frame that was not understood, on the way there or on the way back, means for the next one.
 *
 * Z4  Until a shard has said what it reads, it is written to in the oldest version.
 * Z5  A version in which something was not understood is left for a lower one, for as long as that
 *     shard lives. Without a lower one it gets one more try; then, and when no version is read on
 *     both sides, the shard is left alone for shunMs and asked again. So nothing goes in circles.
 * Z6  What was sent before the last change of version tells nothing about the new one.
 *
 * What becomes of the calls is the business of the client.
 */
export class ShardVersions {
  private readonly peers = new Map<string, Peer>();
  private readonly shunned = new Set<string>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly membership: Membership,
    private readonly log: Log,
  ) {
    membership.onChange(() => this.askNewcomers());
    membership.onLeave((incarnation) => this.forget(incarnation));
    this.stops.push(clock.every(limits.versionAskMs, () => this.askAgain()));
  }

  /** In which the next batch to it is written. */
  of(incarnation: string): FrameVersion {
    return this.peers.get(incarnation)?.writes ?? frameVersions.oldest;
  }

  /** True while its first answer may come any moment. */
  isAsking(incarnation: string): boolean {
    return this.peers.get(incarnation)?.question === 'first';
  }

  get shunsAny(): boolean {
    return this.shunned.size > 0;
  }

  shuns(incarnation: string): boolean {
    return this.shunned.has(incarnation);
  }

  /**
   * A frame in version `found` was not understood, here or there. `reads`: what the shard says it
   * reads, null when the frame was its own. `stale`: it says nothing new. `again`: what is
   * unanswered may be sent again. `shunned`: not to this shard.
   */
  misunderstood(
    incarnation: string,
    found: number,
    reads: VersionRange | null,
  ): 'stale' | 'again' | 'shunned' {
    const peer = this.peers.get(incarnation);
    if (peer === undefined || this.shunned.has(incarnation)) return 'stale';
    if (found > peer.writes && found <= frameVersions.newest) return 'stale';
    if (reads !== null) peer.reads = reads;
    if (found < peer.writes && reads !== null && found < reads.oldest) return 'again';
    const agreed = commonVersion(peer.reads ?? frameVersions, peer.most);
    const lower = commonVersion(peer.reads ?? frameVersions, peer.writes - 1);
    this.log.warn({ shard: incarnation, found, reads, wrote: peer.writes }, 'frame unreadable');
    if (agreed === null) return this.shun(incarnation, peer);
    if (agreed !== peer.writes) peer.writes = agreed;
    else if (lower !== null) peer.most = peer.writes = lower;
    else if (this.isSecondTime(peer)) return this.shun(incarnation, peer);
    return 'again';
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stops.length = 0;
    this.peers.clear();
  }

  private askNewcomers(): void {
    for (const { incarnation } of this.membership.live) {
      if (this.peers.has(incarnation)) continue;
      const { oldest, newest } = frameVersions;
      const peer: Peer = {
        reads: null,
        writes: oldest,
        most: newest,
        question: 'first',
        triedAtMs: -Infinity,
      };
      this.peers.set(incarnation, peer);
      void this.ask(incarnation, peer);
    }
  }

  private askAgain(): void {
    for (const [incarnation, peer] of this.peers) {
      if (peer.reads !== null || peer.question !== null) continue;
      peer.question = 'again';
      void this.ask(incarnation, peer);
    }
  }

  private async ask(incarnation: string, peer: Peer): Promise<void> {
    const subject = subjects.ping(incarnation);
    const answer = await this.bus.request(subject, nothing, limits.pingTimeoutMs);
    peer.question = null;
    if (this.peers.get(incarnation) !== peer || answer.kind !== 'reply') return;
    try {
      peer.reads = decodeVersions(answer.payload);
    } catch (error) {
      this.log.warn({ err: error, shard: incarnation }, 'answer to a ping unreadable');
      return;
    }
    const agreed = commonVersion(peer.reads, peer.most);
    this.shunned.delete(incarnation);
    if (agreed === null) this.shun(incarnation, peer);
    else peer.writes = agreed;
  }

  private isSecondTime(peer: Peer): boolean {
    const nowMs = this.clock.monotonicMs();
    const again = nowMs - peer.triedAtMs < limits.commandDeadlineMs;
    peer.triedAtMs = nowMs;
    return again;
  }

  /** Until it answers again what it reads: it may say something else, and another batch pass. */
  private shun(incarnation: string, peer: Peer): 'shunned' {
    this.shunned.add(incarnation);
    this.log.error({ shard: incarnation, reads: peer.reads }, 'shard not understood, left alone');
    this.clock.after(limits.shunMs, () => {
      peer.reads = null;
      peer.triedAtMs = -Infinity;
      this.askAgain();
    });
    return 'shunned';
  }

  private forget(incarnation: string): void {
    this.peers.delete(incarnation);
    this.shunned.delete(incarnation);
  }
}

const nothing = new Uint8Array(0);

interface Peer {
  /** Null: it has not said so yet. */
  reads: VersionRange | null;
  writes: FrameVersion;
  /** No version above it is written again. */
  most: FrameVersion;
  /** On its way; `first`: the one that was put when it showed itself. */
  question: 'first' | 'again' | null;
  /** Monotonic; when something in the lowest version was last not understood. */
  triedAtMs: number;
}
