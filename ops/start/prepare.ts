import { prepareDatabase } from './prepare-database.js';

/** For containers: DATABASE_URL gets its schema, and the demo catalogue when it is empty. */
const url = process.env.DATABASE_URL ?? '';
if (url === '') {
  console.error('DATABASE_URL is missing');
  process.exit(2);
}
const loaded = await prepareDatabase(url);
console.log(loaded === null ? 'the database is ready' : `${loaded} demo events loaded`);
