import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startOwn } from '#ops/system/own-system.js';
import { BenchEvents } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import { processesOf } from '../measured-system.js';
import type { Competitor } from './competitor.js';
import { holdfastAsCompetitor } from './start-peer.js';

export const singleName = 'holdfast-single';

/**
 * Holdfast with every role in one process and no broker (`npm start -- --single`), as a small venue
 * runs it: the same promises, without the hops. A system of its own, with buyers of its own.
 */
export async function startSingle(users: number): Promise<Competitor> {
  const holdfast = await startOwn({ args: ['--single'] });
  const { databaseUrl, gatewayUrls } = holdfast.system;
  const pool = openPool(databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const stop = async () => {
    await pool.end();
    await holdfast.release();
  };
  try {
    return {
      ...holdfastAsCompetitor({ holdfast, events: BenchEvents.prepare(pool) }, pool),
      name: singleName,
      title: 'Holdfast, one process',
      processes: processesOf(holdfast),
      users: await openSessions(gatewayUrls[0], users),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
