import { everyEvent } from '#libs/catalogue/catalogue.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { loadDemoCatalogue } from '#libs/catalogue/demo/demo-catalogue.js';
import { indexStaleEvents } from '#libs/catalogue/search/index-events.js';
import { migrate } from '#libs/database/migrate.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';

/**
 * Brings the schema up to date, and loads the demo catalogue, where it is wanted, when there is no
 * event yet. Resolves with the number of events that were loaded, null when none were.
 */
export async function prepareDatabase(url: string, demo: boolean): Promise<number | null> {
  await migrate(url);
  const pool = openPool(url, {
    applicationName: 'hf-prepare',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const catalogue = createPostgresCatalogue(pool);
  try {
    await indexStaleEvents(pool);
    if (!demo || (await catalogue.search(everyEvent)).total > 0) return null;
    await loadDemoCatalogue(pool);
    return (await catalogue.search(everyEvent)).total;
  } finally {
    await pool.end();
  }
}
