import type { Command } from 'commander';
import { recover } from '#libs/actor/recovery.js';
import { counts } from '#libs/inventory/inventory.js';
import { silentLog } from '#libs/platform/log.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { planCrowd, reckonedSteps, type CrowdSale } from '../crowd-plan.js';
import { wholeNumber } from '../numbers.js';
import { rowOf } from '../shard-names.js';

interface Asked {
  readonly crowd: number;
  readonly come: number;
  readonly party: number;
  readonly buying: number;
  readonly stay: number;
  readonly sellIn: number;
}

/** `rehearse`: how the sale of an event goes with so many people, on paper. */
export function addRehearse(program: Command, context: () => CommandContext): void {
  const seconds = wholeNumber(1, 86_400);
  program
    .command('rehearse <event>')
    .description(
      'how long to sell out behind a waiting room, at which rate, with how many gateways',
    )
    .requiredOption('--crowd <number>', 'people who come, each for a party', wholeNumber(1, 1e8))
    .option('--come <seconds>', 'in which half of them have come', seconds, 60)
    .option('--party <number>', 'places that one buys', wholeNumber(1, 20), 2)
    .option('--buying <percent>', 'of those who are admitted', wholeNumber(1, 100), 60)
    .option('--stay <seconds>', 'from being admitted to having paid', seconds, 240)
    .option('--sell-in <seconds>', 'wished: from the draw until nothing is left', seconds, 1_800)
    .action((id: string, options: Asked) => rehearse(context(), id, options));
}

async function rehearse(context: CommandContext, id: string, asked: Asked): Promise<void> {
  await context.withJournal(async (link) => {
    const { eventId } = await rowOf(link, id);
    const inventory = await link.catalogue.inventoryOf(eventId);
    if (inventory === null) throw new Error(`${id} has no seating plan`);
    const { state } = await recover(link.journal, { ...inventory, eventId }, silentLog());
    const { free } = counts(state);
    if (free === 0) throw new CommandRefused(`nothing of ${eventId} is free`);
    const sale: CrowdSale = {
      ...{ crowd: asked.crowd, halfComeSeconds: asked.come, free, party: asked.party },
      ...{ buyingPercent: asked.buying, staySeconds: asked.stay, sellInSeconds: asked.sellIn },
    };
    const plan = planCrowd(sale, reckonedSteps);
    const value = {
      ...{ event_id: eventId, crowd: asked.crowd, free, admitted: plan.admitted },
      ...{ rate_per_minute: plan.ratePerMinute, active: plan.active },
      ...{ sold_out_seconds: plan.soldOutSeconds, places_sold: plan.placesSold },
      ...{ left_without: plan.leftWithout, gateways: plan.gateways },
      ...{ owner_percent: plan.ownerPercent, owner_bound: plan.bounded },
    };
    const lines = Object.entries(value).map(([key, cell]) => `${key.padEnd(18)} ${cell ?? '-'}`);
    context.print(lines.join('\n'), value);
  });
}
