import { parseArgs } from 'node:util';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { tokenSecretOf } from '#ops/start/data-folder.js';
import { SystemNotFound, type System } from '#ops/system/find-system.js';
import { findOrStart, type FoundSystem } from '#ops/system/own-system.js';
import { knockEverywhere } from '#libs/testing/strangers.js';
import { printMessage, printText } from '#ops/system/terminal.js';
import { tryBots } from './bots.js';
import { tryDoors, type Door } from './doors.js';
import { AttackIssuer } from './issuer.js';
import { tryEveryRoute } from './matrix.js';
import { holesOf, reportLines, type AttackReport } from './report.js';
import { openScene, type Target } from './scene.js';

const helpText = `npm run attack -- [options]

  --data DIR    the running system to try; without one, and without it, a new one
  --json        print the report as JSON

Every route by everybody with things of theirs and of others, tries that nobody should get through
with, and every port of the machine. It imports an event of its own and holds, books and closes the
sale of that alone. What bots do, and buyers of an issuer, is tried on a system of its own only.
Exit code 0: no hole, 1: there is one, 2: it could not run.`;

/** npm run attack. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    printText(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  try {
    const onLine = (line: string): void => printMessage(`  ${line}`);
    const issuer = await AttackIssuer.start();
    const env = { ...attackedEnvironment, ...issuer.environment };
    const found = await findOrStart(options.data, { onLine, env, limited: true });
    try {
      const report = await attackSystem(found, issuer);
      if (options.json) printText(JSON.stringify(report));
      else reportLines(report).forEach((line) => printText(line));
      return holesOf(report).length === 0 ? 0 : 1;
    } finally {
      await found.release();
      await issuer.stop();
    }
  } catch (error) {
    if (!(error instanceof SystemNotFound)) throw error;
    printMessage(`npm run attack: ${error.message}`);
    return 2;
  }
}

/**
 * With it a system has limits for everybody and takes us for its proxy: we can be of any address,
 * and 127.0.0.2 is a stranger. It does not go with HOLDFAST_LOOPBACK_UNLIMITED.
 */
export const attackedEnvironment = { HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' } as const;

/** `own`: the system was started with `attackedEnvironment`. */
export async function attack(target: Target, own: boolean): Promise<AttackReport> {
  const scene = await openScene(target);
  const matrix = await tryEveryRoute(scene);
  const doors = await tryDoors(scene);
  return { matrix, doors: own ? [...doors, ...(await tryBots(target))] : doors };
}

/** As another user of the machine, without any key. */
async function localUser(system: System): Promise<Door[]> {
  if (system.children.length === 0) return [];
  const knocks = await knockEverywhere(system);
  const holes = knocks.flatMap(({ socket, holes: open }) => open.map((one) => `${socket}: ${one}`));
  return [{ name: 'ports of this machine', tried: knocks.length, holes }];
}

async function attackSystem(found: FoundSystem, issuer: AttackIssuer): Promise<AttackReport> {
  const { system, own } = found;
  const { data, databaseUrl, gatewayUrls } = system;
  const [url] = gatewayUrls;
  if (url === undefined) throw new SystemNotFound('no gateway is known: set HOLDFAST_GATEWAY_URL');
  const named = process.env.HOLDFAST_TOKEN_SECRET;
  const tokenSecret = data === null ? named : tokenSecretOf(data);
  if (tokenSecret === undefined) throw new SystemNotFound('HOLDFAST_TOKEN_SECRET is not known');
  const answerWithinMs = limits.operatorAnswerMs;
  const pool = openPool(databaseUrl, { applicationName: 'attack', max: 2, answerWithinMs });
  try {
    const target = { url, pool, tokenSecret, issuer: own ? issuer : undefined };
    const { matrix, doors } = await attack(target, own);
    return { matrix, doors: [...doors, ...(await localUser(system))] };
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
