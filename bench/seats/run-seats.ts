import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';
import { machineName } from '../machine.js';
import { holdFor } from './buyers.js';
import { seatLines, type BuildLists, type Looks, type SaleRound } from './report.js';
import { readSlowly } from './slow-readers.js';
import { ask, closeSide, listAway, listOnce, openGateway, openSide, type Side } from './side.js';

const helpText = `npm run bench:seats -- [--base DIR] [--rounds N]

  --base DIR   another checkout of Holdfast, built, to compare with
  --rounds N   of a sale without and with a client who asks for lists, in turn (3)

A gateway with an event of 50,000 seats: the longest turn of its loop for the first list,
the same again and a changed one, bytes by coding, what eighty readers of as many addresses who
read nothing cost in memory, and what a client who asks as often as it is let costs the gateway
and the other buyers.`;

const seats = 50_000;
const saleMs = 2_500;
const changedLooks = 5;
/** Buyers take seats from the front. */
const slowFirstSeat = 49_000;

/** npm run bench:seats. Returns the exit code: 0 done, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      base: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (values.help || !Number.isInteger(rounds) || rounds < 1) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const builds = values.base === undefined ? [] : [{ name: 'base', root: values.base }];
  const sides: { side: Side; lists: BuildLists }[] = [];
  try {
    for (const { name, root } of [...builds, { name: 'this', root: projectRoot }]) {
      const [gateway, url] = await openGateway(root, seats);
      const listUrl = new URL('/v1/events/evt_show1/seats', url).href;
      const looks = await look(gateway, listUrl);
      const slow = await readSlowly(gateway, listUrl, slowFirstSeat, looks.first.bytes);
      const side = await openSide(name, gateway, url);
      sides.push({ side, lists: { name, looks, slow, sale: [] } });
    }
    for (const { side } of sides) await holdFor(side.buyers, saleMs / 2);
    for (let round = 0; round < rounds; round++) {
      for (const { side, lists } of round % 2 === 0 ? sides : [...sides].reverse()) {
        lists.sale.push(await sell(side));
      }
    }
  } finally {
    sides.forEach(({ side }) => closeSide(side));
  }
  console.log(`${machineName()}, Node ${process.versions.node}, ${rounds} rounds`);
  seatLines(sides.map(({ lists }) => lists)).forEach((line) => console.log(line));
  return 0;
}

type Gateway = Side['gateway'];

async function look(gateway: Gateway, url: string): Promise<Looks> {
  const once = async (change: number | null, coding: string) => {
    await ask(gateway, { change });
    const list = await listOnce(url, coding);
    await pause(50);
    const { turns } = await ask(gateway, { change: null });
    return { ...list, turns };
  };
  const first = await once(null, 'identity');
  const warm = await once(null, 'identity');
  const changed = [];
  for (let seat = 0; seat < changedLooks; seat++) {
    // No sooner than a new state may be taken, and the client's bucket is full again.
    await pause(1_000);
    changed.push(await once(seats - 1 - seat, 'identity'));
  }
  const coded = [await once(null, 'gzip'), await once(null, 'br')];
  return { first, warm, changed, coded };
}

/** The same stretch of a sale without the client and with it. */
async function sell(side: Side): Promise<SaleRound> {
  const { gateway, buyers } = side;
  await ask(gateway, { change: null });
  const before = await ask(gateway, { change: null });
  const without = await holdFor(buyers, saleMs);
  const between = await ask(gateway, { change: null });
  const [beside, lister] = await Promise.all([holdFor(buyers, saleMs), listAway(side, saleMs)]);
  const after = await ask(gateway, { change: null });
  const alone = between.cpuMs - before.cpuMs;
  const cores = (after.cpuMs - between.cpuMs - alone) / saleMs;
  const turnMs = [between.turns.cpuMs, after.turns.cpuMs] as const;
  return { without, beside, lister, cores, turnMs, seconds: saleMs / 1_000 };
}
