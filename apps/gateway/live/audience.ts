import { limits } from '#libs/contracts/limits.js';
import type { HoldNote } from '#libs/contracts/wire.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EventReplica, Flushed } from '../replica/event-replica.js';
import { diffFrame, encodeFrame, holdFrame, snapshotFrame, type Format } from './frames.js';
import type { Viewer } from './viewer.js';

/**
 * Everybody who watches one event on this gateway. All that happens to viewers happens in tick():
 * changes since the last tick become one diff, published once; then newcomers get the map.
 *
 * LM1  A viewer is live only while it has exactly the published version: it joins right after a
 *      publish, when replica, published version and snapshot are the same (G6).
 * LM2  Whoever missed a frame is stale and gets nothing until it has drained, then a snapshot.
 *      Nobody is ever sent a diff that does not continue what it has, or a map that is older: who
 *      is ahead waits until the replica caught up, and is sent elsewhere when it does not.
 * LM3  A tick comes at once after a quiet time, and then no more often than the size of the
 *      audience allows: fan-out costs grow with viewers, not with the rate of commands. Nor more
 *      often than the loop allows: half of what the last one took, from when it was due, is left
 *      to everything else before the next begins. Ticks that follow each other without a pause
 *      let nobody in, and every change waits behind the ones before.
 * LM4  When the event is gone everybody is told so, and nobody waits for changes that never come.
 * LM5  Who comes is sent his map before he follows the topic: for a socket that subscribed before,
 *      uWebSockets.js keeps memory of the size of its largest message (0.2 MB for a stadium).
 */
export interface AudiencePorts {
  readonly clock: Clock;
  readonly publish: (topic: string, payload: string | Uint8Array, format: Format) => void;
  readonly count: (what: 'diffs' | 'snapshots' | 'resumes' | 'stale') => void;
}

/** Another gateway is likely to be ahead of this one: the client may go there soon. */
const behind = { retry_after_ms: limits.resumeRetryMs };

const formats: readonly Format[] = ['json', 'msgpack'];

export class Audience {
  readonly viewers = new Set<Viewer>();
  private readonly streams = new Set<Viewer>();
  private readonly following = { json: 0, msgpack: 0 };
  private readonly byUser = new Map<string, Set<Viewer>>();
  private joining: Viewer[] = [];
  private staled: Viewer[] = [];
  private scheduled = false;
  private lastTickMs = -Infinity;
  private dueMs = 0;
  /** From when the last tick was due until it was through. */
  private tookMs = 0;
  private closed = false;

  constructor(
    readonly replica: EventReplica,
    private readonly ports: AudiencePorts,
  ) {
    replica.watchers += 1;
    replica.onChange = () => this.schedule();
  }

  topic(format: Format): string {
    return `${this.replica.entry.detail.eventId}/${format}`;
  }

  join(viewer: Viewer): void {
    this.viewers.add(viewer);
    if (viewer.userId !== null) this.remember(viewer.userId, viewer);
    this.admit(viewer, viewer.resumeFrom);
  }

  /** The viewer asks for what is missing after `version`, or for the map when that is unknown. */
  resume(viewer: Viewer, version: number | null): void {
    if (viewer.state === 'joining') viewer.resumeFrom = version;
    if (viewer.state !== 'live') return;
    this.leaveTopic(viewer);
    this.admit(viewer, version);
  }

  /** A frame did not reach the viewer. Safe to call from inside a publish: only takes note. */
  missed(viewer: Viewer): void {
    if (viewer.state === 'stale' || viewer.state === 'closed') return;
    const wasLive = viewer.state === 'live';
    viewer.state = 'stale';
    this.ports.count('stale');
    if (wasLive) this.staled.push(viewer);
    this.schedule();
  }

  drained(viewer: Viewer): void {
    if (viewer.state === 'stale' && !this.staled.includes(viewer)) {
      this.admit(viewer, viewer.knownVersion);
    }
  }

  leave(viewer: Viewer): void {
    const { state } = viewer;
    viewer.state = 'closed';
    this.viewers.delete(viewer);
    this.streams.delete(viewer);
    if (state === 'live' || this.staled.includes(viewer)) this.following[viewer.format] -= 1;
    this.staled = this.staled.filter((other) => other !== viewer);
    if (viewer.userId !== null) this.forget(viewer.userId, viewer);
  }

  /** A stream is sent to one by one; a socket gets the published frames of its topic. */
  addStream(viewer: Viewer): void {
    this.streams.add(viewer);
  }

  close(): void {
    this.closed = true;
    this.replica.onChange = null;
    this.replica.watchers -= 1;
  }

  private admit(viewer: Viewer, resumeFrom: number | null): void {
    viewer.state = 'joining';
    viewer.resumeFrom = resumeFrom;
    viewer.waitsSinceMs = null;
    this.joining.push(viewer);
    this.schedule();
  }

  private leaveTopic(viewer: Viewer): void {
    viewer.unfollow();
    this.following[viewer.format] -= 1;
  }

  private schedule(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    const { clock } = this.ports;
    const nowMs = clock.monotonicMs();
    const waitMs = this.lastTickMs + this.intervalMs() - nowMs;
    this.dueMs = nowMs + Math.max(0, waitMs);
    if (waitMs > 0) clock.after(waitMs, () => this.tick());
    else clock.soon(() => this.tick());
  }

  /** From the begin of one tick to the begin of the next (LM3). */
  private intervalMs(): number {
    const wanted = Math.max(this.viewers.size / 100, 1.5 * this.tookMs);
    return Math.min(Math.max(wanted, limits.fanOutMsMin), limits.fanOutMsMax);
  }

  private tick(): void {
    this.scheduled = false;
    if (this.closed) return;
    if (this.replica.gone) {
      this.disband();
      return;
    }
    const { clock } = this.ports;
    this.lastTickMs = clock.monotonicMs();
    this.parkStale();
    const flushed = this.replica.flush();
    if (flushed !== null) this.publish(flushed);
    if (this.replica.live) this.welcome();
    if (flushed !== null) this.notify(flushed.notes);
    this.tookMs = clock.monotonicMs() - this.dueMs;
  }

  /** LM4 */
  private disband(): void {
    const code = this.replica.goneBecause;
    const extras = code === 'unavailable' ? { retry_after_ms: limits.replicaRetryMsMax } : {};
    for (const viewer of [...this.viewers]) viewer.goodbye(code, extras);
  }

  /** Before anything is published: a stale viewer must not get what follows its gap (LM2). */
  private parkStale(): void {
    const staled = this.staled;
    this.staled = [];
    for (const viewer of staled) {
      this.leaveTopic(viewer);
      if (viewer.drained) this.admit(viewer, viewer.knownVersion);
    }
  }

  private publish(flushed: Flushed): void {
    const { replica, ports } = this;
    const { from, to, changes, notesLost } = flushed;
    if (to === from && !notesLost && changes.areas.length === 0) return;
    if (this.following.json + this.following.msgpack === 0) return;
    const frame = diffFrame(replica, from, changes, notesLost);
    ports.count('diffs');
    for (const format of formats) {
      if (this.following[format] === 0) continue;
      const payload = encodeFrame(frame, format);
      ports.publish(this.topic(format), payload, format);
      if (format === 'json') this.stream(payload, flushed.to);
    }
  }

  private stream(payload: string | Uint8Array, version: number): void {
    for (const viewer of this.streams) {
      if (viewer.state === 'live' && !viewer.send(payload, version)) this.missed(viewer);
    }
  }

  private welcome(): void {
    const joining = this.joining;
    this.joining = [];
    const snapshots: { json?: string | Uint8Array; msgpack?: string | Uint8Array } = {};
    const resumes = new Map<string, string | Uint8Array | null>();
    for (const viewer of joining) {
      if (viewer.state !== 'joining') continue;
      const standing = this.standing(viewer);
      if (standing === 'wait') this.joining.push(viewer);
      if (standing === 'refuse') viewer.goodbye('unavailable', behind);
      if (standing !== 'enter') continue;
      const { format } = viewer;
      const payload =
        this.resumeOnce(viewer, resumes) ??
        (snapshots[format] ??= encodeFrame(snapshotFrame(this.replica), format));
      this.ports.count(payload === snapshots[format] ? 'snapshots' : 'resumes');
      viewer.state = 'live';
      this.following[format] += 1;
      const taken = viewer.send(payload, this.replica.published);
      if (!this.viewers.has(viewer)) continue;
      viewer.follow();
      if (!taken) this.missed(viewer);
    }
    if (this.joining.length > 0) this.schedule();
  }

  /**
   * A client that was on another gateway can be ahead: it must not be taken back (G6). Only the
   * owner can tell that its version is of another history, and only an owner that was asked a
   * lease later is surely not one from before that version.
   */
  private standing(viewer: Viewer): 'enter' | 'wait' | 'refuse' {
    const { resumeFrom } = viewer;
    const { replica } = this;
    if (resumeFrom === null || resumeFrom <= replica.published) return 'enter';
    const nowMs = this.ports.clock.monotonicMs();
    const sinceMs = (viewer.waitsSinceMs ??= nowMs);
    if (replica.word.denies(resumeFrom, sinceMs + limits.leaseMs)) return 'enter';
    if (nowMs - sinceMs >= limits.resumeWaitMs) return 'refuse';
    replica.word.question();
    return 'wait';
  }

  /** Those who come from one version get one frame: a crowd that was cut off comes from few. */
  private resumeOnce(
    viewer: Viewer,
    made: Map<string, string | Uint8Array | null>,
  ): string | Uint8Array | null {
    const key = `${viewer.format} ${viewer.resumeFrom}`;
    let payload = made.get(key);
    if (payload === undefined) {
      payload = this.resumePayload(viewer);
      made.set(key, payload);
    }
    return payload;
  }

  private resumePayload(viewer: Viewer): string | Uint8Array | null {
    const { resumeFrom, format } = viewer;
    const { replica } = this;
    if (resumeFrom === null || resumeFrom > replica.published) return null;
    const nothing = { seats: [], areas: [], saleStatus: false };
    const changes = resumeFrom === replica.published ? nothing : replica.ring.since(resumeFrom);
    if (changes === null || changes.seats.length * 4 > replica.map.statuses.length + 400)
      return null;
    return encodeFrame(diffFrame(replica, resumeFrom, changes, true), format);
  }

  private notify(notes: readonly HoldNote[]): void {
    if (this.byUser.size === 0) return;
    for (const note of notes) {
      const viewers = this.byUser.get(note.userId);
      if (viewers === undefined) continue;
      const frame = holdFrame(note);
      for (const viewer of viewers) {
        if (viewer.state !== 'live') continue;
        if (!viewer.send(encodeFrame(frame, viewer.format), null)) this.missed(viewer);
      }
    }
  }

  private remember(userId: string, viewer: Viewer): void {
    const known = this.byUser.get(userId);
    if (known === undefined) this.byUser.set(userId, new Set([viewer]));
    else known.add(viewer);
  }

  private forget(userId: string, viewer: Viewer): void {
    const known = this.byUser.get(userId);
    known?.delete(viewer);
    if (known?.size === 0) this.byUser.delete(userId);
  }
}
