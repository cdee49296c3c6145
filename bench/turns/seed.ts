import type * as SnapshotsModule from '#libs/actor/snapshots.js';
import type * as CatalogueModule from '#libs/catalogue/postgres-catalogue.js';
import type * as MigrateModule from '#libs/database/migrate.js';
import type * as PoolModule from '#libs/database/pool.js';
import type * as JournalModule from '#libs/journal/postgres-journal.js';
import type * as LogModule from '#libs/platform/log.js';
import {
  addStadium,
  JournalFiller,
  moduleOf,
  replayed,
  sellOut,
  soldOut,
  soldToo,
} from './sold-event.js';

/**
 * Sold events for measure.ts, in a process of their own: what selling them leaves in a heap would
 * be collected while the shard is measured. Two have a snapshot and a tail, the other nothing but
 * facts.
 */
const [root, databaseUrl] = process.argv.slice(2);
const replayedFacts = 100_000;
const tailFacts = 10_000;

const load = <M>(name: string): Promise<M> => moduleOf<M>(root, name);
const { createLog } = await load<typeof LogModule>('libs/platform/log.js');
const { openPool } = await load<typeof PoolModule>('libs/database/pool.js');
const { migrate } = await load<typeof MigrateModule>('libs/database/migrate.js');
const journals = await load<typeof JournalModule>('libs/journal/postgres-journal.js');
const catalogues = await load<typeof CatalogueModule>('libs/catalogue/postgres-catalogue.js');
const { takeSnapshot } = await load<typeof SnapshotsModule>('libs/actor/snapshots.js');

await migrate(databaseUrl);
const pool = openPool(databaseUrl, { applicationName: 'bench', max: 8, answerWithinMs: 60_000 });
const journal = journals.openPostgresJournal({ url: databaseUrl });
await addStadium(root, pool, soldOut);
await addStadium(root, pool, soldToo);
await addStadium(root, pool, replayed);
const inventory = await catalogues.createPostgresCatalogue(pool).inventoryOf(soldOut);
if (inventory === null) throw new Error('the stadium was imported');
const facts = await sellOut(root, inventory);
const filler = await JournalFiller.of(root, journal);
await filler.append(replayed, facts.slice(0, replayedFacts));
const log = createLog({ name: 'bench', level: 'silent' });
for (const eventId of [soldOut, soldToo]) {
  await filler.append(eventId, facts.slice(0, facts.length - tailFacts));
  await takeSnapshot(journal, () => Promise.resolve(inventory), eventId, log);
  await filler.append(eventId, facts.slice(facts.length - tailFacts));
}
await journal.close();
await pool.end();
