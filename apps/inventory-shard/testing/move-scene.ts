import { controlCall } from '#libs/bus/control-call.js';
import type { MoveReply } from '#libs/contracts/control.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { MoveFailpoint } from '#libs/hosting/move-failpoints.js';
import { MemoryCluster, type ClusterShard } from './memory-cluster.js';

/** Two shards, one event with a few holds on the first owner, and a hook at every step. */
export class MoveScene {
  readonly cluster = new MemoryCluster();
  readonly operator = this.cluster.broker.connect('operator');
  at: (step: MoveFailpoint, shardId: string) => void | Promise<void> = () => undefined;
  event = 'evt_none' as EventId;
  source!: ClusterShard;
  target!: ClusterShard;

  static async open(): Promise<MoveScene> {
    const scene = new MoveScene();
    const { cluster } = scene;
    const members: ClusterShard[] = [];
    for (const id of ['shard-a', 'shard-b']) {
      members.push(
        await cluster.addShard(id, (step) => {
          const delay = scene.at(step, id);
          // A killed process goes no further than this line.
          const self = members.find((member) => member.shardId === id);
          return self?.clock.paused === true
            ? new Promise(() => undefined)
            : Promise.resolve(delay);
        }),
      );
    }
    await cluster.clock.advance(500);
    scene.event = cluster.addEvent('moving', { placesPerBuyerMax: 10_000 }, 100, 20);
    for (let seat = 0; seat < 5; seat += 1) await scene.hold(seat);
    const owner = (await cluster.journal.ownership(scene.event))?.owner;
    scene.source = members.find((member) => member.shard.incarnation === owner)!;
    scene.target = members.find((member) => member !== scene.source)!;
    return scene;
  }

  hold(seat: number): Promise<CallResult> {
    return this.cluster.send(this.event, this.cluster.hold(this.event, [seat]));
  }

  /** Starts a move and lets the test go on; the reply comes when time passes. */
  startMove(): { reply: MoveReply | string | null } {
    const result: { reply: MoveReply | string | null } = { reply: null };
    const subject = subjects.control(this.source.shard.incarnation, 'move');
    const body = { eventId: this.event, to: this.target.shard.incarnation };
    void controlCall<MoveReply>(this.operator, subject, body, 5_000).then((answer) => {
      result.reply = answer.kind === 'ok' ? answer.body : answer.kind;
    });
    return result;
  }

  later(ms: number): Promise<void> {
    return new Promise((resolve) => void this.cluster.clock.after(ms, resolve));
  }

  /** Counts the batches that the fence refuses from now on. */
  countFenced(): () => number {
    const { store } = this.cluster.journal;
    const append = store.append.bind(store);
    let fenced = 0;
    store.append = (batch) => {
      const verdict = append(batch);
      if (verdict === 'fenced') fenced += 1;
      return verdict;
    };
    return () => fenced;
  }

  /** What the source counted. */
  async losses(): Promise<readonly string[] | null> {
    const text = await this.source.metrics.text();
    return text.match(/^holdfast_actors_lost_total.* [1-9]\d*$/gm);
  }

  async owner(): Promise<string | undefined> {
    const row = await this.cluster.journal.ownership(this.event);
    return [this.source, this.target].find((m) => m.shard.incarnation === row?.owner)?.shardId;
  }

  /** Holds one seat after the other while `durationMs` passes; every answer must be a hold. */
  async sellFor(durationMs: number, firstSeat: number): Promise<CallResult[]> {
    const answers: CallResult[] = [];
    let seat = firstSeat;
    const untilMs = this.cluster.clock.monotonicMs() + durationMs;
    while (this.cluster.clock.monotonicMs() < untilMs) {
      for (let i = 0; i < 3; i += 1) {
        const request = this.cluster.hold(this.event, [seat++]);
        const commandId = this.cluster.client.nextCommandId();
        const call = { eventId: this.event, commandId, keyed: false, userId: `u${seat}` as never };
        this.cluster.client.send({ ...call, request }, (answer) => answers.push(answer));
      }
      await this.cluster.clock.advance(2);
    }
    await this.cluster.clock.advance(6_000);
    const sent = seat - firstSeat;
    if (answers.length !== sent) throw new Error(`${answers.length} answers to ${sent} holds`);
    return answers;
  }
}
