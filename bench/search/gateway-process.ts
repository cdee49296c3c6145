import type { Pool } from 'pg';
import { startHarness } from '#apps/gateway/testing/harness.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { searchSettings } from '#libs/catalogue/search/search-settings.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';

/** A gateway in a process of its own, over a real catalogue. What it says once it listens. */
export interface SearchGateway {
  readonly url: string;
}

const someEvent = 'evt_0' as EventId;
const [databaseUrl] = process.argv.slice(2);
const connections = (max: number): Pool =>
  openPool(databaseUrl, {
    applicationName: 'bench-search',
    max,
    answerWithinMs: 10_000,
    settings: searchSettings,
  });
const catalogue = createPostgresCatalogue(connections(limits.catalogueConnectionsMax), {
  searches: connections(limits.searchConnectionsMax),
});
const harness = await startHarness({
  catalogue: {
    ...catalogue,
    // What is found is not kept: the catalogue seems to have changed whenever something is asked.
    search(query) {
      harness.gateway.eventChanged(someEvent);
      return catalogue.search(query);
    },
    facetsOf(query) {
      harness.gateway.eventChanged(someEvent);
      return catalogue.facetsOf(query);
    },
  },
});
process.on('disconnect', () => process.exit(0));
const said: SearchGateway = { url: harness.url };
process.send?.(said);
