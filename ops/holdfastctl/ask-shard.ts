import { controlCall, type ControlReply } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { CommandFailed, NotReachable } from './failures.js';
import type { ClusterLink } from './link.js';

/** One control call to a shard; throws what is to be said when there is no answer. */
export async function askShard<Body>(
  link: ClusterLink,
  shard: ShardBeat,
  pattern: string,
  body: unknown,
): Promise<Body> {
  const reply = await tryShard<Body>(link, shard, pattern, body);
  const { incarnation } = shard;
  if (reply.kind === 'ok') return reply.body;
  if (reply.kind === 'error') throw new CommandFailed(`${incarnation}: ${reply.message}`);
  if (reply.kind === 'overloaded') throw new NotReachable(`${incarnation} is at its limit`);
  throw new NotReachable(`${incarnation} does not answer (${reply.kind.replace('_', ' ')})`);
}

export function tryShard<Body>(
  { cluster }: ClusterLink,
  { incarnation }: ShardBeat,
  pattern: string,
  body: unknown,
): Promise<ControlReply<Body>> {
  const subject = subjects.control(incarnation, pattern);
  return controlCall<Body>(cluster.bus, subject, body, limits.controlCallMs);
}
