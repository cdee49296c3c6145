import { parseArgs } from 'node:util';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { tokenSecretOf } from '#ops/start/data-folder.js';
import { SystemNotFound, type System } from '#ops/system/find-system.js';
import { findOrStart } from '#ops/system/own-system.js';
import { tryDoors } from './doors.js';
import { tryEveryRoute } from './matrix.js';
import { holesOf, reportLines, type AttackReport } from './report.js';
import { openScene, type Target } from './scene.js';

const helpText = `npm run attack -- [options]

  --data DIR    the running system to try; without one, and without it, a new one
  --json        print the report as JSON

Every route by everybody with things of theirs and of others, and tries that nobody should get
through with. It imports an event of its own and holds, books and closes the sale of that alone.
Exit code 0: no hole, 1: there is one, 2: it could not run.`;

/** npm run attack. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    console.log(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  try {
    const onLine = (line: string): void => console.error(`  ${line}`);
    const found = await findOrStart(options.data, { onLine });
    try {
      const report = await attackSystem(found.system);
      if (options.json) console.log(JSON.stringify(report));
      else reportLines(report).forEach((line) => console.log(line));
      return holesOf(report).length === 0 ? 0 : 1;
    } finally {
      await found.release();
    }
  } catch (error) {
    if (!(error instanceof SystemNotFound)) throw error;
    console.error(`npm run attack: ${error.message}`);
    return 2;
  }
}

export async function attack(target: Target): Promise<AttackReport> {
  const scene = await openScene(target);
  const matrix = await tryEveryRoute(scene);
  return { matrix, doors: await tryDoors(scene) };
}

async function attackSystem({ data, databaseUrl, gatewayUrls }: System): Promise<AttackReport> {
  const [url] = gatewayUrls;
  if (url === undefined) throw new SystemNotFound('no gateway is known: set HOLDFAST_GATEWAY_URL');
  const named = process.env.HOLDFAST_TOKEN_SECRET;
  const tokenSecret = data === null ? named : tokenSecretOf(data);
  if (tokenSecret === undefined) throw new SystemNotFound('HOLDFAST_TOKEN_SECRET is not known');
  const answerWithinMs = limits.operatorAnswerMs;
  const pool = openPool(databaseUrl, { applicationName: 'attack', max: 2, answerWithinMs });
  try {
    return await attack({ url, pool, tokenSecret });
  } finally {
    await pool.end();
  }
}

interface Options {
  readonly data: string | undefined;
  readonly json: boolean;
}

function optionsOf(args: readonly string[]): Options | null {
  try {
    const options = { data: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { data: values.data, json: values.json === true };
  } catch {
    return null;
  }
}
