import { shownMessage } from '#libs/platform/shown-text.js';
import { prepareDatabase } from './prepare-database.js';

/** For containers: DATABASE_URL gets its schema, and the demo catalogue when it is empty. */
const url = process.env.DATABASE_URL ?? '';
if (url === '') {
  console.error('DATABASE_URL is missing');
  process.exit(2);
}
try {
  const loaded = await prepareDatabase(url);
  console.log(loaded === null ? 'the database is ready' : `${loaded} demo events loaded`);
} catch (error) {
  // What cannot be read as a URL is repeated by whoever tried.
  console.error(shownMessage(`the database cannot be prepared: ${(error as Error).message}`));
  process.exit(1);
}
