import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { askToMove } from '#libs/hosting/cluster-view.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';
import type { AcknowledgedHold, MoveLoad } from './load.js';
import { ShardLogs, type LoggedRecovery } from './shard-logs.js';
import { ZombieQuestion } from './zombie-question.js';

/** What is done to the hot event and its owner, and what buyers noticed of it. */
export interface MoveTrial {
  readonly outcome: string;
  /** By the source: from the last admitted command to the answer of the target. */
  readonly pauseMs: number | null;
  /** Longest time without an acknowledged hold around the move, as buyers saw it. */
  readonly gapMs: number;
}

export interface Strike {
  readonly ms: number;
  /** As the new owner logged it. */
  readonly recovery: LoggedRecovery | null;
  /** SIGSTOP: what the former owner was asked when it went on, and how often it knew the map. */
  readonly asked: number;
  readonly stale: number;
  readonly gaveUp: boolean;
}

const shardsMin = 2;
const stoppedMs = 4_000;
const zombieMs = 1_000;
const settleMs = 250;
const giveUpMs = 30_000;
const logMs = 2_000;
/** Twice the work that a rehearsal may take, because it rests as long as it works, and more. */
const rehearsalMs = 2.5 * limits.rehearsalMs;

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

export async function moveOnce(
  link: ClusterLink,
  load: MoveLoad,
  eventId: EventId,
): Promise<MoveTrial> {
  const owner = await ownerOf(link, eventId);
  const others = link.cluster.inventory.membership.active.filter(
    (shard) => shard.incarnation !== owner.incarnation,
  );
  const target = others[Math.floor(Math.random() * others.length)];
  const fromMs = performance.now() - settleMs;
  const call = { eventId, to: target.incarnation };
  const reply = await askToMove(link.cluster.bus, owner.incarnation, call);
  await pause(settleMs);
  const gapMs = longestGap(load.acknowledged, fromMs, performance.now());
  if (reply.kind !== 'ok') return { outcome: reply.kind, pauseMs: null, gapMs };
  if (reply.body.kind === 'moved') return { outcome: 'moved', pauseMs: reply.body.pauseMs, gapMs };
  const outcome = reply.body.kind === 'refused' ? reply.body.reason : 'lost';
  return { outcome, pauseMs: null, gapMs };
}

/**
 * SIGKILL, or SIGSTOP for a while, and the time to the first acknowledged hold that was asked for
 * after it. Then waits until there is an owner and somebody to take over from it: who dies often is
 * started again ever later.
 */
export async function strike(
  link: ClusterLink,
  load: MoveLoad,
  eventId: EventId,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<Strike> {
  const { membership } = link.cluster.inventory;
  const { pid, incarnation } = await ownerOf(link, eventId);
  const [struckMs, struckAtMs] = [performance.now(), Date.now()];
  process.kill(pid, signal);
  const acked = await firstAfter(load, struckMs);
  const logs = new ShardLogs(link.system.data ?? '');
  const recovery = await recoveryAfter(logs, eventId, struckAtMs);
  const question = new ZombieQuestion(link, incarnation, eventId);
  if (signal === 'SIGSTOP') {
    await pause(Math.max(0, stoppedMs - (performance.now() - struckMs)));
    question.ask();
    process.kill(pid, 'SIGCONT');
    await question.askOnFor(zombieMs);
  }
  const back = (): boolean =>
    membership.active.length >= shardsMin &&
    (signal === 'SIGSTOP' || !membership.isLive(incarnation));
  const giveUpAtMs = performance.now() + giveUpMs;
  while (!back() && performance.now() < giveUpAtMs) await pause(50);
  await untilRehearsed(link, logs);
  await pause(settleMs * 2);
  const gaveUp = logs.count('event has a new owner', incarnation) > 0;
  return { ms: acked - struckMs, recovery, gaveUp, ...question.close() };
}

/**
 * A crash finds shards that have run for a while. Here the next one comes within seconds, so those
 * that could take over are let end the rehearsal of their start first, if they make one.
 */
async function untilRehearsed(link: ClusterLink, logs: ShardLogs): Promise<void> {
  const giveUpAtMs = performance.now() + rehearsalMs;
  const waiting = () =>
    link.cluster.inventory.membership.active.some(
      ({ incarnation }) => logs.count('recovery rehearsed', incarnation) === 0,
    );
  while (waiting() && performance.now() < giveUpAtMs) await pause(settleMs);
}

export async function ownerOf(link: ClusterLink, eventId: EventId): Promise<ShardBeat> {
  const giveUpAtMs = performance.now() + giveUpMs;
  for (;;) {
    const row = await link.journal.ownership(eventId);
    const { live } = link.cluster.inventory.membership;
    const owner = live.find((shard) => shard.incarnation === row?.owner);
    if (owner !== undefined) return owner;
    if (performance.now() > giveUpAtMs) throw new Error(`${eventId} has no live owner`);
    await pause(20);
  }
}

async function firstAfter(load: MoveLoad, sinceMs: number): Promise<number> {
  const giveUpAtMs = performance.now() + giveUpMs;
  while (performance.now() < giveUpAtMs) {
    const recent = load.acknowledged.slice(-5_000).filter(({ sentMs }) => sentMs > sinceMs);
    if (recent.length > 0) return Math.min(...recent.map(({ ackedMs }) => ackedMs));
    await pause(5);
  }
  return Infinity;
}

/** Its line may come a moment after the hold; the line of the strike before this one is not it. */
async function recoveryAfter(
  logs: ShardLogs,
  eventId: EventId,
  sinceAtMs: number,
): Promise<LoggedRecovery | null> {
  const giveUpAtMs = performance.now() + logMs;
  for (;;) {
    const after = logs.recoveries().filter(({ atMs }) => atMs > sinceAtMs);
    const found = after.find((one) => one.eventId === eventId);
    if (found !== undefined || performance.now() > giveUpAtMs) return found ?? null;
    await pause(20);
  }
}

export function longestGap(
  holds: readonly AcknowledgedHold[],
  fromMs: number,
  toMs: number,
): number {
  let before = fromMs;
  let longest = 0;
  const acks = holds.slice(-100_000).map(({ ackedMs }) => ackedMs);
  for (const ackedMs of acks.sort((a, b) => a - b)) {
    if (ackedMs <= fromMs) before = ackedMs;
    else if (ackedMs <= toMs) {
      longest = Math.max(longest, ackedMs - before);
      before = ackedMs;
    }
  }
  return Math.max(longest, toMs - before);
}
