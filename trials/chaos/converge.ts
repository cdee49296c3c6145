import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../demo/api.js';
import { checkMoney } from './money.js';
import { apartIn, type Population } from './population.js';
import type { Books } from './judgement.js';

const servesWithinMs = 30_000;
const convergeMs = 120_000;
const quietMs = 1_500;
const pollMs = 250;

/**
 * After everything was healed: waits until every event serves, every payment is settled, nothing is
 * held and all watchers of an event show the same. Gives what did not come true in time.
 */
export async function converge(system: Books, population: Population): Promise<string[]> {
  const late: string[] = [];
  const served = await Promise.all(
    population.stalls.map(async (stall) => {
      return (await population.serves(stall, servesWithinMs)) ? [] : [stall.market.eventId];
    }),
  );
  const bound = `within ${servesWithinMs / 1_000} s of the healing`;
  for (const eventId of served.flat()) late.push(`${eventId} sells nothing ${bound}`);
  const giveUpAtMs = now() + convergeMs;
  let before = '';
  let quietSinceMs = now();
  let problem = '';
  while (now() < giveUpAtMs) {
    const { versions, apart } = stateOf(population);
    problem = apart ?? (await unsettled(system, population)) ?? '';
    if (versions !== before || problem !== '') quietSinceMs = now();
    before = versions;
    if (now() - quietSinceMs >= quietMs) return late;
    await pause(pollMs);
  }
  return [...late, `not at rest after ${convergeMs / 1_000} s: ${problem}`];
}

function stateOf({ stalls }: Population): { versions: string; apart: string | null } {
  const watched = stalls.filter(({ retired }) => !retired);
  const apart = watched.map(apartIn).find((text) => text !== null) ?? null;
  const versions = watched.map(({ watchers }) => watchers.map(({ map }) => map.version).join());
  return { versions: versions.join(';'), apart };
}

async function unsettled(
  { pool, stripeUrl }: Books,
  { dispute }: Population,
): Promise<string | null> {
  try {
    const money = await checkMoney(pool, stripeUrl, dispute);
    if (money.unsettled > 0) return `${money.unsettled} payments are not settled`;
    return money.wrong.length > 0 ? money.wrong[0] : null;
  } catch (error) {
    return (error as Error).message;
  }
}
