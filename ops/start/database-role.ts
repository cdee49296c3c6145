import pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { boundAnswers } from '#libs/database/answer-deadline.js';

/**
 * The database of the system's own Postgres, and the role that Holdfast uses it by: the owner of
 * this one database, with no right over the server or its files. The superuser that initdb made is
 * used here and nowhere else, since extensions and owners are its to give.
 */
export const databaseName = 'holdfast';
export const roleName = 'hf_app';

const connectTimeoutMs = 2_000;

/** `setupUrl(database)`: as the superuser. `password`: of our own making, letters and digits. */
export async function prepareRole(
  setupUrl: (database: string) => string,
  password: string,
): Promise<void> {
  await asSetup(setupUrl('postgres'), async (client) => {
    const known = async (text: string, name: string): Promise<boolean> =>
      (await client.query(text, [name])).rowCount === 1;
    if (!(await known('SELECT 1 FROM pg_roles WHERE rolname = $1', roleName))) {
      await client.query(`CREATE ROLE ${roleName}`);
    }
    await client.query(
      `ALTER ROLE ${roleName} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION
         NOBYPASSRLS PASSWORD '${password}'`,
    );
    if (!(await known('SELECT 1 FROM pg_database WHERE datname = $1', databaseName))) {
      await client.query(`CREATE DATABASE ${databaseName} OWNER ${roleName}`);
    }
    await client.query(`ALTER DATABASE ${databaseName} OWNER TO ${roleName}`);
    await client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
  });
  await asSetup(setupUrl(databaseName), async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await client.query(handOver);
  });
}

/** What a release before made as the superuser; tables take their sequences and indexes along. */
const handOver = `
  DO $$
  DECLARE statement text;
  BEGIN
    FOR statement IN
      SELECT format('ALTER TABLE %s OWNER TO ${roleName}', c.oid::regclass)
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND c.relowner <> '${roleName}'::regrole
          AND NOT EXISTS (SELECT 1 FROM pg_depend
                          WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO ${roleName}', p.oid::regprocedure)
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
          AND p.proowner <> '${roleName}'::regrole
          AND NOT EXISTS (SELECT 1 FROM pg_depend
                          WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    LOOP
      EXECUTE statement;
    END LOOP;
  END $$`;

async function asSetup(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'hf-start',
  });
  boundAnswers(client, limits.operatorAnswerMs);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
