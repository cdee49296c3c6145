import type { Command } from 'commander';
import { controlCall, type ControlReply } from '#libs/bus/control-call.js';
import { subjects } from '#libs/contracts/subjects.js';
import { schemaProblem } from '#libs/database/schema.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { createPostgresSettings } from '#libs/journal/settings.js';
import { shownText } from '#libs/platform/shown-text.js';
import type { CommandContext, Screen } from '../context.js';
import { writtenLevel } from '../fact-readers.js';
import { CommandFailed } from '../failures.js';
import { callGateways, gatewayTable, shownGateway } from '../gateways.js';
import { wrapped } from '../table.js';
import { troublesOf, type GatewayStatus, type Health, type Quarantined } from '../troubles.js';
import { writeProblem } from '../write-problem.js';
import { isCluster, type ClusterLink, type JournalLink } from '../link.js';
import { wholeNumber } from '../numbers.js';
import { isUnreachable } from '../unreachable.js';
import { shardsById, shardTable, shownShard } from './shards.js';

const answerTimeoutMs = 2_000;

/** `status`: which processes run, what the database holds, and what a buyer lacks. */
export function addStatusCommand(program: Command, context: () => CommandContext): void {
  program
    .command('status')
    .description('say whether the system runs and is ready')
    .option('--watch [seconds]', 'again and again, until it is interrupted', wholeNumber(1, 3_600))
    .action((options: { watch?: number | true }) => {
      if (options.watch === undefined) return showOnce(context());
      return watch(context(), options.watch === true ? 1 : options.watch);
    });
}

interface Counts {
  readonly events: number;
  readonly plans: number;
  readonly owned: number;
  readonly pinned: number;
}

interface Status extends Counts, Health {
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly suspended: boolean;
  readonly factLevel: number;
}

async function showOnce(context: CommandContext): Promise<void> {
  const status = await context.withJournal((link) => statusOf(link));
  context.print(textOf(context, status), shown(status));
  const troubles = troublesOf(status);
  if (troubles.length > 0) throw new CommandFailed(troubles.join('; '), troubles);
}

/** Ends at Ctrl-C, with 0. With --json, one line a look; on a screen, one picture in its place. */
async function watch(context: CommandContext, seconds: number): Promise<void> {
  const { interruption } = context;
  await context.withJournal((link) =>
    interruption.guarded(async () => {
      for (let first = true; !interruption.happened; first = false) {
        const startedMs = performance.now();
        const [text, value] = await lookOnce(context, link);
        const picture = shownText(`${new Date().toISOString().slice(11, 19)} UTC\n${text}`);
        const { screen } = context;
        if (interruption.happened) return;
        context.draw(screen === null ? `${picture}\n` : drawn(picture, screen, first), value);
        await interruption.pause(seconds * 1_000 - (performance.now() - startedMs));
      }
    }),
  );
}

/** A system that is away for a moment does not end the watch. */
async function lookOnce(context: CommandContext, link: JournalLink): Promise<[string, unknown]> {
  try {
    const status = await statusOf(link);
    return [textOf(context, status), shown(status)];
  } catch (error) {
    const message = isUnreachable(error)
      ? 'the database of the system does not answer'
      : String(error instanceof Error ? error.message : error);
    return [`NO ANSWER  ${message}`, { at: new Date().toISOString(), error: { message } }];
  }
}

/**
 * Written over the picture before, line by line, so that nothing flickers: each line clears what
 * is behind it, the last one what is below. Never longer than the screen, or it would scroll.
 */
function drawn(picture: string, { rows }: Screen, first: boolean): string {
  const lines = picture.split('\n');
  const fits = lines.length < rows ? lines : [...lines.slice(0, Math.max(1, rows - 2)), '...'];
  const start = first ? '\u001b[2J\u001b[H' : '\u001b[H';
  return `${start}${fits.join('\u001b[K\n')}\u001b[K\u001b[J`;
}

async function statusOf(link: JournalLink): Promise<Status> {
  const { system, pool } = link;
  const { data, single, natsUrl } = system;
  const schema = await schemaProblem(pool);
  // Nothing else of it can be read.
  if (schema !== null) throw new CommandFailed(schema, [schema]);
  const [gateways, write, payments, { rows }, owners, quarantined] = await Promise.all([
    Promise.all(system.gatewayUrls.map((url) => look(url))),
    writeProblem(pool),
    isCluster(link) ? askPayments(link) : null,
    pool.query<Counts>(countStatement),
    pool.query<Health['owners'][number]>(ownersStatement),
    pool.query<Quarantined>(quarantinedStatement, [quarantinedShownMax]),
  ]);
  const suspended = (await createPostgresSettings(pool).get('rebalance.suspended')) === true;
  const factLevel = await writtenLevel(pool);
  const shards = isCluster(link) ? shardsById(link) : null;
  const gatewayViews = isCluster(link)
    ? await callGateways(link.cluster, { action: 'describe', name: null })
    : null;
  const bus = natsUrl !== null ? 'asked' : single || data !== null ? 'none' : 'unknown';
  return {
    ...rows[0],
    ...{ schema, write, payments, bus, gateways, gatewayViews, shards, suspended, factLevel },
    owners: owners.rows,
    quarantined: quarantined.rows,
    processes: system.children,
  };
}

/** Of a booking that nobody has: the answer comes from its database. */
async function askPayments({ cluster }: ClusterLink): Promise<ControlReply<unknown>['kind']> {
  const nobody = { userId: 'usr_operator', bookingId: 'bkg_none' };
  const subject = subjects.payments('get');
  return (await controlCall(cluster.bus, subject, nobody, answerTimeoutMs)).kind;
}

function textOf(context: CommandContext, status: Status): string {
  const { gateways, gatewayViews, processes, shards } = status;
  const troubles = troublesOf(status);
  const { events, plans, owned, pinned, suspended, factLevel } = status;
  return [
    ...gateways.map((gateway) => `gateway   ${gateway.url}  ${wordOf(gateway)}`),
    ...processes.map(({ name, pid }) => `process   ${name}  pid ${pid}`),
    `events    ${events} on ${plans} plans, ${owned} awake at a shard` +
      (pinned > 0 ? `, ${pinned} pinned` : ''),
    ...troubles.map((line) => wrapped(context.columns, `TROUBLE   ${line}`)),
    ...(suspended ? ['rebalancing is suspended'] : []),
    ...(factLevel < factLevelNewest ? ['an upgrade is not finalized: see upgrade status'] : []),
    ...(shards === null
      ? []
      : ['', shards.length === 0 ? 'NO SHARD' : shardTable(context, shards)]),
    ...((gatewayViews?.length ?? 0) === 0 ? [] : ['', gatewayTable(context, gatewayViews ?? [])]),
  ].join('\n');
}

const wordOf = ({ ready, lame_duck }: GatewayStatus): string =>
  ready ? 'ready' : lame_duck ? 'LAME DUCK' : 'NOT READY';

const shown = (status: Status): Record<string, unknown> => {
  const { suspended, gatewayViews, factLevel, shards } = status;
  const { events, plans, owned, pinned, gateways, processes, quarantined } = status;
  return {
    at: new Date().toISOString(),
    troubles: troublesOf(status),
    ...{ events, plans, owned, pinned, quarantined, gateways, processes },
    gateway_processes: gatewayViews?.map(shownGateway) ?? null,
    shards: shards?.map(shownShard) ?? null,
    rebalancing: suspended ? 'suspended' : 'on',
    upgrade: factLevel < factLevelNewest ? 'not_finalized' : 'finalized',
  };
};

async function look(url: string): Promise<GatewayStatus> {
  try {
    const answer = await fetch(new URL('/readyz', url), {
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    const { missing = [] } = (await answer.json()) as { missing?: readonly string[] };
    const lame_duck = missing.includes('lame_duck') || missing.includes('stopping');
    return { url, ready: answer.ok, lame_duck, missing };
  } catch {
    return { url, ready: false, lame_duck: false, missing: ['an answer'] };
  }
}

const countStatement = `
  SELECT (SELECT count(*)::integer FROM event) AS events,
         (SELECT count(*)::integer FROM seating_plan) AS plans,
         (SELECT count(*)::integer FROM ownership WHERE shard IS NOT NULL) AS owned,
         (SELECT count(*)::integer FROM ownership WHERE pinned_to IS NOT NULL) AS pinned`;

const ownersStatement = `
  SELECT shard, count(*)::integer AS events FROM ownership
   WHERE shard IS NOT NULL GROUP BY shard ORDER BY shard`;

const quarantinedShownMax = 50;

const quarantinedStatement = `
  SELECT event_id, quarantined AS reason FROM ownership
   WHERE quarantined IS NOT NULL ORDER BY event_id LIMIT $1`;
