import { runCommandLine } from '#ops/holdfastctl/holdfastctl.js';
import type { FaultContext } from './fault.js';
import type { Keeper } from './keeper.js';

/** A fault of a shard that owns nothing is none: these find or make an owner of what is on sale. */
export async function ownerOnSale({ system, random, events }: FaultContext): Promise<Keeper> {
  const shards = system.of('shard');
  const owners = await ownersOf(system, events());
  const busy = shards.filter(({ name }) => owners.some(({ owner }) => isOf(owner, name)));
  return random.pick(busy.length > 0 ? busy : shards);
}

/** Resolves when the shard owns an event that is on sale; throws when it cannot be made to. */
export async function makeOwner(context: FaultContext, shard: string): Promise<void> {
  const { system, random, events } = context;
  const open = events();
  const owns = async () => (await ownersOf(system, open)).some(({ owner }) => isOf(owner, shard));
  if (await owns()) return;
  await operatorSays(system, ['shard', 'uncordon', shard]);
  await operatorSays(system, ['event', 'move', random.pick(open), '--to', shard]);
  if (!(await owns())) throw new Error(`${shard} owns no event on sale and could not be given one`);
}

/** A refusal or a failure is an answer too: whatever it did, the events must bear it. */
export async function operatorSays(
  { databaseUrl, nats }: FaultContext['system'],
  words: readonly string[],
): Promise<void> {
  const quiet = () => undefined;
  const env = { DATABASE_URL: databaseUrl, ...nats.environmentOf('operator') };
  await runCommandLine(words, { out: quiet, err: quiet, env });
}

async function ownersOf({ pool }: FaultContext['system'], events: readonly string[]) {
  const { rows } = await pool.query<{ owner: string }>(
    'SELECT shard AS owner FROM ownership WHERE event_id = ANY ($1) AND shard IS NOT NULL',
    [events],
  );
  return rows;
}

/** An incarnation is the shard's name and a token. */
const isOf = (incarnation: string, shard: string): boolean => incarnation.startsWith(`${shard}-`);
