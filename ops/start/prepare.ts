import { prepareDatabase } from './prepare-database.js';
import { printMessage, printText } from '../system/terminal.js';

/** For containers: DATABASE_URL gets its schema, and the demo catalogue when it is empty. */
const url = process.env.DATABASE_URL ?? '';
if (url === '') {
  printMessage('DATABASE_URL is missing');
  process.exit(2);
}
try {
  const loaded = await prepareDatabase(url);
  printText(loaded === null ? 'the database is ready' : `${loaded} demo events loaded`);
} catch (error) {
  // What cannot be read as a URL is repeated by whoever tried.
  printMessage(`the database cannot be prepared: ${(error as Error).message}`);
  process.exit(1);
}
